import type { Heading } from './sample-row.ts';
import type { SampleCell } from './spellings.ts';

/** One way in which a row of a real file is wrong, and the fields that are then refused. */
export interface Fault {
  readonly cells: Readonly<Partial<Record<Heading, SampleCell>>>;
  readonly fields: readonly string[];
}

/** Every fault is met in files of lenders' branches; each appears two or three times among 1,000 rows. */
export const faults: readonly Fault[] = [
  { cells: { 'PAN No.': 'ABCDE12345' }, fields: ['pan'] },
  { cells: { 'PAN No.': 'applied for' }, fields: ['pan'] },
  { cells: { 'PAN No.': { error: '#N/A' } }, fields: ['pan'] },
  { cells: { 'Loan Amt (Rs)': { error: '#N/A' } }, fields: ['loanAmount'] },
  { cells: { 'Mobile No.': '9.87654E+09' }, fields: ['mobile'] },
  { cells: { 'Mobile No.': '98765' }, fields: ['mobile'] },
  { cells: { 'Mobile No.': 'not given' }, fields: ['mobile'] },
  { cells: { 'Mobile No.': null }, fields: ['mobile'] },
  { cells: { 'Customer Name': null }, fields: ['fullName'] },
  { cells: { 'Loan Amt (Rs)': null }, fields: ['loanAmount'] },
  { cells: { 'Loan Amt (Rs)': 'as per policy' }, fields: ['loanAmount'] },
  { cells: { 'Loan Amt (Rs)': '5 cr' }, fields: ['loanAmount'] },
  { cells: { 'Net Salary': 'confidential' }, fields: ['monthlyIncome'] },
  { cells: { 'Net Salary': 900 }, fields: ['monthlyIncome'] },
  { cells: { 'D.O.B': '31/02/1990' }, fields: ['dateOfBirth'] },
  { cells: { 'D.O.B': '05/25/1991' }, fields: ['dateOfBirth'] },
  { cells: { 'D.O.B': { date: new Date(Date.UTC(2015, 5, 1)), format: 'dd/mm/yyyy' } }, fields: ['dateOfBirth'] },
  { cells: { 'D.O.B': 'below 30' }, fields: ['dateOfBirth'] },
  { cells: { Occupation: 'Freelance astronaut' }, fields: ['employmentType'] },
  { cells: { Occupation: null }, fields: ['employmentType'] },
  { cells: { 'E-mail ID': 'customer at example dot com' }, fields: ['email'] },
  { cells: { 'Pin Code': '4000' }, fields: ['pincode'] },
  { cells: { 'CIBIL Score': 1200 }, fields: ['creditScore'] },
  { cells: { 'Tenure in Months': 'three years' }, fields: ['tenureMonths'] },
  {
    cells: { 'Mobile No.': '12345 67890', 'PAN No.': '1234567890', 'D.O.B': '1990' },
    fields: ['mobile', 'pan', 'dateOfBirth'],
  },
];
