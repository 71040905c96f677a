import type { ConsentPorts } from './consent-ports.js';

/**
 * A lead may have come with a consent or a block of which the ledger has not heard yet, where that is another database: it hears of them now.
 * @returns why it could not hear of all, which is no reason to leave what it knows as it is; undefined where it has
 */
export async function tellOfLeads({
  unitOfWork,
  catchUp,
}: Pick<ConsentPorts, 'unitOfWork' | 'catchUp'>): Promise<unknown> {
  if (unitOfWork.oneDatabase) return undefined;
  try {
    await catchUp();
    return undefined;
  } catch (error) {
    return error;
  }
}
