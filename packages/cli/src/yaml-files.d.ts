/** A YAML file as its text; the build puts it into the program. */
declare module '*.yaml' {
  const text: string;
  // biome-ignore lint/style/noDefaultExport: that is what the text loader of the build makes of a file
  export default text;
}
