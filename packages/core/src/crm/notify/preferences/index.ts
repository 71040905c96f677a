export { isOff, type NoticeSubject } from './notice-choices.js';
export type { PreferenceChange, PreferenceOptions } from './preference-input.js';
export { PreferenceService, type UserPreferences } from './preference-service.js';
export type { NoticePreferences, PreferenceStore, StoredPreferences, UserChannel } from './preference-store.js';
export {
  hasLength,
  lengthExpected,
  type QuietHours,
  quietUntil,
  timeOfDayShape,
  timeZoneShape,
} from './quiet-hours.js';
