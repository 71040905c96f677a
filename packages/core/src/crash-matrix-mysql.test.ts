import { describeCrashMatrix } from '../test-support/crash-matrix/describe-crash-matrix.js';

describeCrashMatrix('mysql');
