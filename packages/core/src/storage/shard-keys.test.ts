import { it } from 'vitest';
import { expectDocsBlock } from '../../test-support/docs-block.js';
import { shardExemptions, shardKeys } from './shard-keys.js';

it('docs/storage.md tells the key of every table, and what goes to every server', async () => {
  const keys = shardKeys.map(({ table, sql, mongo }) => {
    const column = sql === null ? '' : sql.map((name) => `\`${name}\``).join(' or ');
    return `| \`${table}\` | ${column} | ${mongo === null ? '' : `\`${mongo}\``} |`;
  });
  const others = shardExemptions.map(({ table, reason }) => `| \`${table}\` | ${reason} |`);
  const text = [
    '| table or collection | key in SQL | key in MongoDB |',
    '| --- | --- | --- |',
    ...keys,
    '',
    '| table | statements without the key |',
    '| --- | --- |',
    ...others,
  ];
  await expectDocsBlock('storage.md', 'shard-keys', text.join('\n'));
});
