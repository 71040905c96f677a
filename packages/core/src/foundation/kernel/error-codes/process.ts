/** How the process is set up and called. */
export const processErrors = {
  CONFIG_INVALID: {
    category: 'config',
    retryable: false,
    meaning: 'The configuration file is wrong; the message names the place.',
  },
  CONFIG_NOT_FOUND: { category: 'config', retryable: false, meaning: 'There is no configuration file.' },
  USAGE_INVALID: { category: 'input', retryable: false, meaning: 'The command line is wrong.' },
  INTERNAL: { category: 'internal', retryable: false, meaning: 'A defect of LMS.' },
} as const;
