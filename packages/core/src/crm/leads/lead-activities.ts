import type { StoredActivity } from './lead-store.js';

/** As many activities as a lead holds itself; older ones are kept beside it. */
const activitiesInLead = 100;

interface ActivityState {
  readonly activities: readonly StoredActivity[];
  readonly activityCount: number;
}

/** Adds activities; `moved` are those that no longer fit, oldest first. */
export function withActivities<State extends ActivityState>(
  state: State,
  added: readonly StoredActivity[],
): { readonly state: State; readonly moved: readonly StoredActivity[] } {
  const all = [...state.activities, ...added];
  const surplus = Math.max(0, all.length - activitiesInLead);
  return {
    state: { ...state, activities: all.slice(surplus), activityCount: state.activityCount + added.length },
    moved: all.slice(0, surplus),
  };
}
