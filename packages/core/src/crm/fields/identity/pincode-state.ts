import { type IndianState, indianStates } from './indian-state.js';

/**
 * The beginnings of the PIN codes of each state, the longest of which decides: sorting districts do not stop at state
 * borders. Checked against the All India Pincode Directory of India Post (data.gov.in) of October 2025: right for all but
 * seven of its 19,504 PIN codes with a state.
 */
const beginnings: Readonly<Record<IndianState, string>> = {
  'Andaman and Nicobar Islands': '744',
  'Andhra Pradesh': '50434 51 52 53',
  'Arunachal Pradesh': '790 791 792',
  Assam: '78',
  Bihar: '80 811 812 813 814131 821 823 824 84 85',
  Chandigarh: '16',
  Chhattisgarh: '49',
  'Dadra and Nagar Haveli and Daman and Diu': '36252 36254 36257 3962',
  Delhi: '11',
  Goa: '403',
  Gujarat: '36 37 38 39 396235',
  Haryana: '12 13',
  'Himachal Pradesh': '17',
  'Jammu and Kashmir': '18 19',
  Jharkhand: '81 813208 82 83',
  Karnataka: '56 57 58 59',
  Kerala: '67 68 69',
  Ladakh: '194',
  Lakshadweep: '68255',
  'Madhya Pradesh': '45 46 47 48',
  Maharashtra: '40 41 42 43 44',
  Manipur: '795',
  Meghalaya: '793 794',
  Mizoram: '7917 796',
  Nagaland: '797 798',
  Odisha: '75 76 77',
  Puducherry: '6050 605106 605107 605110 605502 6074 6096 673310',
  Punjab: '14 15 16005 16006 16007 160103 160104',
  Rajasthan: '30 31 32 33 34',
  Sikkim: '737',
  'Tamil Nadu': '60 607401 609608 61 62 63 64',
  Telangana: '50',
  Tripura: '799',
  'Uttar Pradesh':
    '20 21 22 23 241 242 243 244 24470 245 2467 247 247662 247669 25 261 2620 2621 2622 262302 262305 262406 2627 2628 2629 27 28',
  Uttarakhand: '24 2447 2476 26',
  'West Bengal': '70 71 72 73 74',
};

const stateOfBeginning: ReadonlyMap<string, IndianState> = new Map(
  indianStates.flatMap((state) =>
    beginnings[state].split(' ').map((beginning): [string, IndianState] => [beginning, state]),
  ),
);

/** The state in which the post office of a six-digit PIN code lies; undefined for army post and what is not given out. */
export function stateOfPincode(pincode: string): IndianState | undefined {
  if (!/^[1-9]\d{5}$/.test(pincode)) return undefined;
  for (let length = 6; length >= 2; length -= 1) {
    const state = stateOfBeginning.get(pincode.slice(0, length));
    if (state !== undefined) return state;
  }
  return undefined;
}
