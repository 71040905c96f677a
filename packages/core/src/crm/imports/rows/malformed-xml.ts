/** The XML is not well-formed. Whoever reads it knows in which part and row. */
export class MalformedXml extends Error {
  override readonly name = 'MalformedXml';
}
