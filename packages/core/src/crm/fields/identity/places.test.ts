import { describe, expect, it } from 'vitest';
import { gstStates, indianStates, stateNamed, stateOfPincode } from './index.js';

describe('the state of a PIN code', () => {
  it.each([
    ['110001', 'Delhi'],
    ['560038', 'Karnataka'],
    ['400069', 'Maharashtra'],
    ['403001', 'Goa'],
    ['160017', 'Chandigarh'],
    ['160055', 'Punjab'],
    ['134109', 'Haryana'],
    ['194101', 'Ladakh'],
    ['190001', 'Jammu and Kashmir'],
    ['248001', 'Uttarakhand'],
    ['247667', 'Uttarakhand'],
    ['246701', 'Uttar Pradesh'],
    ['262001', 'Uttar Pradesh'],
    ['263001', 'Uttarakhand'],
    ['396210', 'Dadra and Nagar Haveli and Daman and Diu'],
    ['362520', 'Dadra and Nagar Haveli and Daman and Diu'],
    ['500032', 'Telangana'],
    ['530001', 'Andhra Pradesh'],
    ['605001', 'Puducherry'],
    ['605602', 'Tamil Nadu'],
    ['673310', 'Puducherry'],
    ['682555', 'Lakshadweep'],
    ['682001', 'Kerala'],
    ['737101', 'Sikkim'],
    ['744101', 'Andaman and Nicobar Islands'],
    ['791111', 'Arunachal Pradesh'],
    ['793001', 'Meghalaya'],
    ['795001', 'Manipur'],
    ['796001', 'Mizoram'],
    ['797001', 'Nagaland'],
    ['799001', 'Tripura'],
    ['781001', 'Assam'],
    ['800001', 'Bihar'],
    ['834001', 'Jharkhand'],
    ['492001', 'Chhattisgarh'],
    ['462001', 'Madhya Pradesh'],
    ['302001', 'Rajasthan'],
    ['380001', 'Gujarat'],
    ['751001', 'Odisha'],
    ['700001', 'West Bengal'],
    ['171001', 'Himachal Pradesh'],
    ['226001', 'Uttar Pradesh'],
  ])('%s is in %s', (pincode, state) => {
    expect(stateOfPincode(pincode)).toBe(state);
  });

  it('is none for army post, what is not given out, and what is no PIN code', () => {
    for (const text of ['900056', '999999', '350001', '010001', '11000', '1100011', '', 'abcdef']) {
      expect(stateOfPincode(text), text).toBeUndefined();
    }
  });

  it('is found for every state', () => {
    const found = new Set(Array.from({ length: 900_000 }, (_, index) => stateOfPincode(String(100_000 + index))));
    expect([...found].filter((state) => state !== undefined).sort()).toEqual([...indianStates].sort());
  });
});

describe('the names of states', () => {
  it('are read in other spellings', () => {
    expect(stateNamed('tamilnadu')).toBe('Tamil Nadu');
    expect(stateNamed('Orissa')).toBe('Odisha');
    expect(stateNamed('J & K')).toBe('Jammu and Kashmir');
    expect(stateNamed('MH')).toBe('Maharashtra');
    expect(stateNamed('the Dadra & Nagar Haveli')).toBe('Dadra and Nagar Haveli and Daman and Diu');
    for (const state of indianStates) expect(stateNamed(state.toUpperCase())).toBe(state);
  });

  it('are not read into other words', () => {
    for (const text of ['', 'Pune', 'Bengaluru', 'constructor', '12 MH', 'Delhi 6'])
      expect(stateNamed(text)).toBeUndefined();
  });

  it('have a GST code each', () => {
    const named = new Set<string>(Object.values(gstStates));
    expect(indianStates.filter((state) => !named.has(state))).toEqual([]);
    expect(Object.keys(gstStates).every((code) => /^\d\d$/.test(code))).toBe(true);
  });
});
