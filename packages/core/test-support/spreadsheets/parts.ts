const relationships = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

/** The parts of a workbook whose only sheet, `S`, holds this XML between the tags of its data. */
export function sheetParts(sheetData: string, more: Readonly<Record<string, string>> = {}): Record<string, string> {
  const relation = (id: string, kind: string, target: string): string =>
    `<Relationship Id="${id}" Type="${relationships}/${kind}" Target="${target}"/>`;
  const others = [
    ...('xl/sharedStrings.xml' in more ? [relation('rId2', 'sharedStrings', '/xl/sharedStrings.xml')] : []),
    ...('xl/styles.xml' in more ? [relation('rId3', 'styles', 'styles.xml')] : []),
  ];
  return {
    'xl/worksheets/sheet1.xml': `<worksheet><sheetData>${sheetData}</sheetData></worksheet>`,
    'xl/workbook.xml': `<workbook xmlns:r="${relationships}"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships>${relation('rId1', 'worksheet', 'worksheets/sheet1.xml')}${others.join('')}</Relationships>`,
    ...more,
  };
}
