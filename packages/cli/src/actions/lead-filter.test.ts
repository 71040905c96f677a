import { describe, expect, it } from 'vitest';
import { type FilterOptions, leadFilterOf, type StorePlace } from './lead-filter.js';

const place: StorePlace = { timeZone: 'Asia/Kolkata', currency: 'INR' };

describe('the filters of a command line', () => {
  it('are the same by flag and by --filter', () => {
    const byFlags = leadFilterOf(
      { product: 'demat', stage: ['new', 'lost'], owner: 'none', where: ['city=Pune', 'income>=5 lakh'] },
      place,
    );
    const filter = ['product=demat', 'stage=new|lost', 'owner=none', 'city=Pune', 'income>=5 lakh'];
    expect(leadFilterOf({ filter }, place)).toEqual(byFlags);
    expect(leadFilterOf({ product: 'demat', where: ['income>=5 lakh'], filter: filter.slice(1, 4) }, place)).toEqual({
      ...byFlags,
      where: byFlags.where?.toReversed(),
    });
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
    [['status=in-progress|won'], { status: ['in_progress', 'won'] }],
    [['partner=acme', 'email=a@example.in'], { partner: 'acme', email: 'a@example.in' }],
    [
      ['region=Pune|Goa', 'source=web', 'channel=app', 'campaign=diwali'],
      { region: ['Pune', 'Goa'], source: ['web'], channel: ['app'], campaign: ['diwali'] },
    ],
    [['amount>=5 lakh', 'amount<=7,50,000.50'], { amountMin: '5 lakh', amountMax: '7,50,000.50' }],
    [['score>=50', 'score<=82.5'], { scoreMin: 50, scoreMax: 82.5 }],
    [['created>=2026-01-01', 'created<=2026-01-31'], { createdFrom: '2026-01-01', createdTo: '2026-01-31' }],
    [
      ['updated>=2026-01-01', 'updated<=2026-01-31T09:30Z'],
      { updatedFrom: '2026-01-01', updatedTo: '2026-01-31T09:30Z' },
    ],
    [['product=demat', 'city!=Pune|Goa'], { product: 'demat', where: ['city!=Pune|Goa'] }],
  ])('say %j as flags do', (filter, { status, region, source, channel, campaign, where, ...flags }: FilterOptions) => {
    const lists = { status, region, source, channel, campaign, where };
    const said = Object.entries(lists).filter(([, list]) => list !== undefined);
    expect(leadFilterOf({ filter }, place)).toEqual(leadFilterOf({ ...flags, ...Object.fromEntries(said) }, place));
  });

  it.each([
    [['amount=5 lakh'], { amountPaiseMin: 50_000_000, amountPaiseMax: 50_000_000 }],
    [['amount>5 lakh', 'amount<600000'], { amountPaiseMin: 50_000_001, amountPaiseMax: 59_999_999 }],
    [['score>50', 'score<60'], { scoreAbove: 50, scoreBelow: 60 }],
    [['score=70'], { scoreMin: 70, scoreMax: 70 }],
    [['created=2026-01-31'], { createdFrom: '2026-01-30T18:30:00.000Z', createdTo: '2026-01-31T18:30:00.000Z' }],
    [['created>2026-01-31'], { createdFrom: '2026-01-31T18:30:00.000Z' }],
    [['created<2026-01-31'], { createdTo: '2026-01-30T18:30:00.000Z' }],
    [['created>2026-01-31T09:30Z'], { createdFrom: '2026-01-31T09:30:00.001Z' }],
    [['updated<=2026-01-31T09:30Z'], { updatedTo: '2026-01-31T09:30:00.001Z' }],
  ])('mean by %j', (filter, expected) => {
    expect(leadFilterOf({ filter }, place)).toEqual(expected);
  });

  it.each([
    [{ filter: ['stage'] }, /--filter name=value/],
    [{ filter: ['stage>new'] }, /stage=value/],
    [{ filter: ['stage=new', 'stage=lost'] }, /said twice/],
    [{ stage: ['new'], filter: ['stage=lost'] }, /said twice/],
    [{ filter: ['owner=a|b'] }, /one value/],
    [{ filter: ['status=open'] }, /status is pending/],
    [{ filter: ['stage!=new'] }, /stage=value; != is for indexed fields/],
    [{ filter: ['created!=2026-01-31'] }, /!= is for indexed fields/],
    [{ filter: ['created>=2026-01-01', 'created=2026-01-02'] }, /said twice/],
    [{ createdFrom: '2026-01-01', filter: ['created>2026-01-02'] }, /said twice/],
    [{ filter: ['created>=yesterday'] }, /Write created as/],
    [{ filter: ['amount>lots'] }, /amount: "lots"/],
    [{ filter: ['amount=1|2'] }, /one value/],
    [{ filter: ['score<high'] }, /score: "high"/],
    [{ filter: ['stgae=new'] }, /"stgae" is no filter; did you mean "stage"\?/],
    [{ filter: ['city=Pune'] }, /product=LINE/],
    [{ amountMin: 'lots' }, /--amount-min/],
  ])('refuse %j', (options, message) => {
    expect(() => leadFilterOf(options, place)).toThrow(message);
  });
});
