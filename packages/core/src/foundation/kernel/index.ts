export * from './actor.js';
export * from './amount-format.js';
export * from './amount-text.js';
export * from './business-time.js';
export * from './canonical-json.js';
export * from './check-input.js';
export * from './clean-text.js';
export * from './clock.js';
export * from './column-letter.js';
export * from './csv-cell.js';
export * from './currency.js';
export * from './date-text.js';
export * from './decimal.js';
export * from './digits.js';
export * from './disk-full.js';
export * from './duration.js';
export { type ErrorCategory, type ErrorCode, errorCodes } from './error-codes.js';
export * from './errors.js';
export * from './events.js';
export * from './finding.js';
export * from './fold-heading.js';
export * from './grouped-digits.js';
export * from './ids.js';
export * from './in-time.js';
export * from './instant-shape.js';
export * from './jittered-pause.js';
export {
  addDays,
  addMonths,
  compareLocalDates,
  type DateParts,
  dateOfDayNumber,
  datePartsOf,
  dayNumber,
  daysBetween,
  daysInMonth,
  isLocalDate,
  type LocalDate,
  localDateOf,
  parseLocalDate,
} from './local-date.js';
export * from './money.js';
export * from './optional-package.js';
export * from './quoted.js';
export * from './random.js';
export * from './rounding.js';
export * from './server-url.js';
export * from './system-clock.js';
export * from './system-code.js';
export * from './waiting.js';
export * from './working-calendar.js';
export { type Weekday, type WorkingDay, type WorkingHours, weekdayOf } from './working-hours.js';
