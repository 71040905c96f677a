import { type Finding, LmsError } from '../../foundation/kernel/index.js';
import type { LeadFactsStore } from './lead-facts-store.js';

/** For `lms doctor`: whether the counts and amounts of boards are those of the leads. A store that cannot tell is a finding too. */
export async function totalsFinding(facts: Pick<LeadFactsStore, 'wrongTotals'>): Promise<Finding> {
  const name = 'totals of boards';
  try {
    const wrong = await facts.wrongTotals();
    if (wrong === 0) return { name, ok: true, message: 'what the leads count' };
    return { name, ok: false, message: `${wrong} are not what the leads count; run lms storage rebuild-facts` };
  } catch (error) {
    if (!LmsError.isInstance(error)) throw error;
    return { name, ok: false, message: `${error.code}: ${error.message}` };
  }
}
