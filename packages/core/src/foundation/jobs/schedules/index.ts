export { checkedSchedules, type JobSchedule } from './job-schedule.js';
export { trimSchedules } from './schedule-housekeeping.js';
export { type Schedule, type ScheduleListQuery, type SchedulePage, ScheduleService } from './schedule-service.js';
export type { ScheduleStore } from './schedule-store.js';
export { Scheduler } from './scheduler.js';
