import { describe, expect, it } from 'vitest';
import { leadFilterOf, type StorePlace } from './lead-filter.js';

const place: StorePlace = { timeZone: 'Asia/Kolkata', currency: 'INR' };

describe('the filters of a command line', () => {
  it('are the same by flag and by --filter', () => {
    const byFlags = leadFilterOf(
      { product: 'demat', stage: ['new', 'lost'], owner: 'none', where: ['city=Pune', 'income>=5 lakh'] },
      place,
    );
    const filter = ['product=demat', 'stage=new|lost', 'owner=none', 'city=Pune', 'income>=5 lakh'];
    expect(leadFilterOf({ filter }, place)).toEqual(byFlags);
    expect(byFlags).toEqual({
      productLine: 'demat',
      stage: ['new', 'lost'],
      owner: null,
      where: [
        { field: 'city', operator: 'eq', value: 'Pune' },
        { field: 'income', operator: 'gte', value: '5 lakh' },
      ],
    });
  });

  it('read amounts as people type them, and days of the business time zone', () => {
    expect(leadFilterOf({ amountMin: '5 lakh', amountMax: '7,50,000.50', updatedTo: '2026-01-31' }, place)).toEqual({
      amountPaiseMin: 50_000_000,
      amountPaiseMax: 75_000_050,
      updatedTo: '2026-01-31T18:30:00.000Z',
    });
  });

  it.each([
    [{ filter: ['stage'] }, /--filter name=value/],
    [{ filter: ['stage>new'] }, /stage=value/],
    [{ filter: ['stage=new', 'stage=lost'] }, /said twice/],
    [{ stage: ['new'], filter: ['stage=lost'] }, /said twice/],
    [{ filter: ['owner=a|b'] }, /one value/],
    [{ filter: ['status=open'] }, /--status is pending/],
    [{ amountMin: 'lots' }, /--amount-min/],
  ])('refuse %j', (options, message) => {
    expect(() => leadFilterOf(options, place)).toThrow(message);
  });
});
