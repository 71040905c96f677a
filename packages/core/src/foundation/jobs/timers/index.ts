export { type FireReport, TimerClockwork } from './timer-clockwork.js';
export { type TimerHealth, timerHealth, timersFinding } from './timer-health.js';
export { TimerRecounter } from './timer-recounter.js';
export {
  type OwnTimerDraft,
  type Timer,
  type TimerListQuery,
  type TimerPage,
  TimerService,
  type WorkingMoment,
} from './timer-service.js';
export type { TimerStore, WorkingSpan } from './timer-store.js';
