/** How a command line says which leads, and which part of the list. */
export interface LeadListOptions {
  readonly product?: string;
  readonly stage?: readonly string[];
  readonly status?: readonly string[];
  readonly owner?: string;
  readonly partner?: string;
  readonly region?: readonly string[];
  readonly source?: readonly string[];
  readonly channel?: readonly string[];
  readonly campaign?: readonly string[];
  readonly createdFrom?: string;
  readonly createdTo?: string;
  readonly updatedFrom?: string;
  readonly updatedTo?: string;
  readonly amountMin?: string;
  readonly amountMax?: string;
  readonly scoreMin?: number;
  readonly scoreMax?: number;
  readonly phone?: string;
  readonly email?: string;
  readonly where?: readonly string[];
  readonly filter?: readonly string[];
  readonly deleted?: true;
  readonly sort?: string;
  readonly limit: number;
  readonly cursor?: string;
}

export type FilterOptions = Partial<Omit<LeadListOptions, 'limit' | 'cursor' | 'sort'>>;
