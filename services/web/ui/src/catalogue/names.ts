/** A name in the reader's language, else in any. */
export const nameOf = (names: Record<string, string>, language: string) =>
  names[language] ?? Object.values(names)[0] ?? '';
