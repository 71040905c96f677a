import type { Pool } from 'mysql2';
import { expect, it } from 'vitest';
import type { MysqlPoolHandle } from './mysql-handle.js';

it("takes the driver's own pool without a cast (this file must compile)", () => {
  const asHandle = (pool: Pool): MysqlPoolHandle => pool;
  expect(asHandle).toBeTypeOf('function');
});
