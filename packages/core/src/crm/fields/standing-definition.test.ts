import { expect, it } from 'vitest';
import { loanLine } from '../../../test-support/loan-line.js';
import { describeShapes } from '../../../test-support/shapes.js';
import { newStore, type TestStore } from '../../../test-support/store.js';

const slug = loanLine.slug;

/** Publishes the loan line under other labels of its first field, a minute apart. */
async function relabel({ admin, clock }: TestStore, ...labels: readonly string[]): Promise<void> {
  for (const label of labels) {
    clock.advance('1m');
    const { definition } = await admin.schemas.standing(slug);
    const fields = definition.fields.map((field, place) => (place === 0 ? { ...field, label } : field));
    await admin.schemas.publish({ ...definition, fields });
  }
}

async function recolour({ admin, clock }: TestStore, ...colours: readonly string[]): Promise<void> {
  for (const colour of colours) {
    clock.advance('1m');
    await admin.stages.update(slug, 'new', { colour });
  }
}

describeShapes((makeStorage) => {
  it('gives the line as it stands, and as it stood when a version of either part was published', async () => {
    const store = await newStore(await makeStorage());
    await recolour(store, '#111111', '#222222');
    await relabel(store, 'Second', 'Third');
    await recolour(store, '#333333');
    const { schemas } = store.admin;
    const versions = async (
      part: 'fields' | 'pipeline',
      version: number,
      moment: { readonly justBefore?: true } = {},
    ): Promise<readonly number[]> => {
      const standing = await schemas.standing(slug, { part, version, ...moment });
      return [standing.schemaVersion, standing.pipelineVersion];
    };
    expect(await versions('fields', 1)).toEqual([1, 1]);
    expect(await versions('fields', 2)).toEqual([2, 3]);
    expect(await versions('fields', 3)).toEqual([3, 3]);
    expect(await versions('pipeline', 2)).toEqual([1, 2]);
    expect(await versions('pipeline', 4)).toEqual([3, 4]);
    expect(await versions('pipeline', 4, { justBefore: true })).toEqual([3, 3]);
    expect(await versions('fields', 2, { justBefore: true })).toEqual([1, 3]);
    expect(await versions('pipeline', 2, { justBefore: true })).toEqual([1, 1]);
    await expect(versions('fields', 1, { justBefore: true })).rejects.toMatchObject({
      code: 'SCHEMA_VERSION_NOT_FOUND',
    });
    const now = await schemas.standing(slug);
    expect(now).toMatchObject({ revision: 6, schemaVersion: 3, pipelineVersion: 4 });
    expect(now.definition).toEqual(await schemas.definition(slug));
    const before = await schemas.standing(slug, { part: 'fields', version: 2 });
    expect(before.definition.fields[0]?.label).toBe('Second');
    expect(JSON.stringify(before.definition.pipeline)).toContain('#222222');
  });

  it('names versions that are not there', async () => {
    const { admin } = await newStore(await makeStorage());
    for (const part of ['fields', 'pipeline'] as const) {
      await expect(admin.schemas.standing(slug, { part, version: 2 })).rejects.toMatchObject({
        code: 'SCHEMA_VERSION_NOT_FOUND',
      });
    }
    await expect(admin.schemas.standing('insurance')).rejects.toMatchObject({ code: 'LINE_NOT_FOUND' });
  });

  it('writes over the draft that was read, and over no other', async () => {
    const { admin, clock } = await newStore(await makeStorage());
    const { schemas } = admin;
    const draft = { ...loanLine, name: 'Mine' };
    const first = await schemas.saveDraft(draft, { replaces: null });
    clock.advance('1m');
    await expect(schemas.saveDraft(draft, { replaces: null })).rejects.toMatchObject({ code: 'DEFINITION_CONFLICT' });
    const second = await schemas.saveDraft({ ...loanLine, name: 'Again' }, { replaces: first.savedAt });
    await expect(schemas.saveDraft(draft, { replaces: first.savedAt })).rejects.toMatchObject({
      code: 'DEFINITION_CONFLICT',
      details: { savedAt: second.savedAt },
    });
    await expect(schemas.discardDraft(slug, { replaces: first.savedAt })).rejects.toThrow('saved another draft');
    expect(await schemas.draft(slug)).toMatchObject({ definition: { name: 'Again' } });
    await schemas.discardDraft(slug, { replaces: second.savedAt });
    expect(await schemas.draft(slug)).toBeNull();
  });
});
