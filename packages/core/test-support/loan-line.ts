/** A small product line that has one field of each kind that matters to leads, for tests. */
export const loanLine = {
  slug: 'personal-loan',
  name: 'Personal loan',
  roles: { name: 'fullName', phone: 'mobile', email: 'email', amount: 'loanAmount' },
  unique: [
    { name: 'mobile', scope: 'line', fields: ['mobile'], while: 'open' },
    { name: 'email', scope: 'line', fields: ['email'], while: 'open' },
    { name: 'pan', scope: 'line', fields: ['pan'], while: 'always' },
  ],
  index: ['city', 'loanAmount', 'pan'],
  fields: [
    { key: 'fullName', label: 'Full name', type: 'text', required: true },
    { key: 'mobile', label: 'Mobile', type: 'phone', required: true },
    { key: 'email', label: 'Email', type: 'email' },
    { key: 'pan', label: 'PAN', type: 'pan' },
    { key: 'loanAmount', label: 'Loan amount', type: 'money', validation: { min: '10,000', max: '1 cr' } },
    { key: 'city', label: 'City', type: 'text' },
    { key: 'pincode', label: 'PIN code', type: 'pincode' },
    { key: 'birthDate', label: 'Date of birth', type: 'date' },
    { key: 'remarks', label: 'Remarks', type: 'long-text' },
  ],
  pipeline: {
    stages: [
      {
        slug: 'new',
        name: 'New',
        colour: '#3366cc',
        next: ['contacted', 'lost'],
        tasks: [
          {
            slug: 'first-call',
            name: 'First call',
            required: true,
            fields: [{ key: 'outcome', label: 'Outcome', type: 'text', required: true }],
          },
          { slug: 'send-brochure', name: 'Send brochure', required: false },
        ],
      },
      { slug: 'contacted', name: 'Contacted', colour: '#66aa00', next: ['qualified', 'lost'] },
      { slug: 'qualified', name: 'Qualified', colour: '#ff9900', next: ['won', 'lost'] },
      { slug: 'won', name: 'Won', colour: '#109618', terminal: 'won', next: [] },
      { slug: 'lost', name: 'Lost', colour: '#999999', terminal: 'lost', next: ['new'] },
    ],
  },
} as const;
