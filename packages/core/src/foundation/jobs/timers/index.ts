export { type FireReport, TimerClockwork } from './timer-clockwork.js';
export { type TimerHealth, timerHealth, timersFinding } from './timer-health.js';
export { type OwnTimerDraft, type Timer, type TimerListQuery, type TimerPage, TimerService } from './timer-service.js';
export type { TimerStore } from './timer-store.js';
