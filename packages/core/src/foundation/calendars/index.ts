export {
  type BetweenQuestion,
  type CalendarDefinition,
  type CalendarListQuery,
  type CalendarVersionQuery,
  calendarSlug,
  type DueQuestion,
  defaultCalendar,
  type PublishCalendarOptions,
  readCalendar,
  workingDuration,
} from './calendar-input.js';
export {
  type BetweenAnswer,
  type Calendar,
  type CalendarPage,
  CalendarService,
  type CalendarVersionPage,
  type DueAnswer,
  workingMillis,
} from './calendar-service.js';
export type { CalendarBody, CalendarStore, Holiday, SpecialDay, StoredCalendar } from './calendar-store.js';
export { type CountingCalendar, WorkingCalendars } from './working-calendars.js';
