import type { TableDescription } from './schema-description.js';

const toFacts = { column: 'lead_id', table: 'lead_facts', references: 'lead_id' } as const;

/**
 * The read model of boards, lists and reports. The indexes follow what is asked: each begins with line and presence, ends
 * with the lead so that the order is total, and the two that are scanned widely carry the columns that filters read.
 */
export const leadFactsSchema: readonly TableDescription[] = [
  {
    name: 'lead_facts',
    columns: {
      lead_id: { kind: 'id' },
      version: { kind: 'integer', min: 0 },
      presence: { kind: 'integer', min: 0 },
      number: { kind: 'slug' },
      number_month: { kind: 'slug' },
      number_seq: { kind: 'integer', min: 0 },
      number_order: { kind: 'slug' },
      product_line: { kind: 'slug' },
      stage: { kind: 'slug' },
      stage_entered_at: { kind: 'instant' },
      status: { kind: 'slug', oneOf: ['pending', 'in_progress', 'won', 'lost', 'converted'] },
      region: { kind: 'slug', nullable: true },
      source: { kind: 'slug' },
      channel: { kind: 'slug', nullable: true },
      campaign: { kind: 'name', nullable: true },
      score: { kind: 'number', nullable: true },
      amount_paise: { kind: 'integer', nullable: true },
      tasks_done: { kind: 'integer', min: 0 },
      tasks_total: { kind: 'integer', min: 0 },
      sealed_name: { kind: 'text', nullable: true },
      created_at: { kind: 'instant' },
      updated_at: { kind: 'instant' },
      first_response_at: { kind: 'instant', nullable: true },
      decided_at: { kind: 'instant', nullable: true },
      won_at: { kind: 'instant', nullable: true },
      lost_at: { kind: 'instant', nullable: true },
      deleted_at: { kind: 'instant', nullable: true },
      owner_id: { kind: 'slug', nullable: true },
      team: { kind: 'slug', nullable: true },
      partner: { kind: 'slug', nullable: true },
      placement_version: { kind: 'integer', min: 0 },
      format: { kind: 'integer', default: 1 },
    },
    primaryKey: ['lead_id'],
    indexes: [
      {
        name: 'lead_facts_by_stage',
        columns: ['product_line', 'presence', 'stage', 'amount_paise', 'owner_id', 'partner'],
      },
      {
        name: 'lead_facts_by_stage_entry',
        columns: ['product_line', 'presence', 'stage', 'stage_entered_at', 'lead_id'],
      },
      {
        name: 'lead_facts_by_creation',
        columns: [
          'product_line',
          'presence',
          'created_at',
          'lead_id',
          'stage',
          'status',
          'owner_id',
          'partner',
          'source',
        ],
      },
      { name: 'lead_facts_by_creation_any_line', columns: ['presence', 'created_at', 'lead_id'] },
      { name: 'lead_facts_by_update', columns: ['product_line', 'presence', 'updated_at', 'lead_id'] },
      { name: 'lead_facts_by_entry', columns: ['product_line', 'presence', 'stage_entered_at', 'lead_id'] },
      { name: 'lead_facts_by_number', columns: ['product_line', 'presence', 'number_order', 'lead_id'] },
      { name: 'lead_facts_by_amount', columns: ['product_line', 'presence', 'amount_paise', 'lead_id'] },
      { name: 'lead_facts_by_score', columns: ['product_line', 'presence', 'score', 'lead_id'] },
      { name: 'lead_facts_by_owner', columns: ['owner_id', 'presence', 'created_at', 'lead_id'], notNull: 'owner_id' },
      { name: 'lead_facts_by_partner', columns: ['partner', 'presence', 'created_at', 'lead_id'], notNull: 'partner' },
    ],
  },
  {
    name: 'lead_collaborators',
    columns: { lead_id: { kind: 'id' }, user_id: { kind: 'slug' } },
    primaryKey: ['lead_id', 'user_id'],
    indexes: [{ name: 'lead_collaborators_by_user', columns: ['user_id', 'lead_id'] }],
    foreignKey: toFacts,
    clustered: true,
  },
  {
    name: 'stage_stays',
    columns: {
      lead_id: { kind: 'id' },
      sequence: { kind: 'integer', min: 0 },
      stage: { kind: 'slug' },
      entered_at: { kind: 'instant' },
      exited_at: { kind: 'instant', nullable: true },
    },
    primaryKey: ['lead_id', 'sequence'],
    foreignKey: toFacts,
    clustered: true,
  },
  {
    name: 'lead_index',
    columns: {
      lead_id: { kind: 'id' },
      field: { kind: 'slug' },
      ordinal: { kind: 'integer', min: 0 },
      product_line: { kind: 'slug' },
      number_value: { kind: 'number', nullable: true },
      text_value: { kind: 'name', nullable: true },
      hash_value: { kind: 'hash', nullable: true },
    },
    primaryKey: ['lead_id', 'field', 'ordinal'],
    indexes: [
      {
        name: 'lead_index_by_number',
        columns: ['product_line', 'field', 'number_value', 'lead_id'],
        notNull: 'number_value',
      },
      {
        name: 'lead_index_by_text',
        columns: ['product_line', 'field', 'text_value', 'lead_id'],
        notNull: 'text_value',
      },
      {
        name: 'lead_index_by_hash',
        columns: ['product_line', 'field', 'hash_value', 'lead_id'],
        notNull: 'hash_value',
      },
    ],
    foreignKey: toFacts,
    clustered: true,
  },
];
