/** What a service worker says: the sentences of notices, in each language (`vite.config.ts`). */
declare module 'virtual:push-words' {
  const words: Record<string, Record<string, string>>;
  export default words;
}
