export { aadhaarNumberFault, hideAadhaarNumbers, holdsAadhaarNumber } from './aadhaar-number.js';
export { gstStates } from './gst-state.js';
export { gstinFault } from './gstin-number.js';
export { indianStates, stateNamed } from './indian-state.js';
export { luhnMod36Character, luhnMod36Holds } from './luhn-mod-36.js';
export { panFault } from './pan-number.js';
export { stateOfPincode } from './pincode-state.js';
export { verhoeffDigit, verhoeffHolds } from './verhoeff.js';
