import { Flag, type LucideIcon } from 'lucide-react';
import { createContext, useContext } from 'react';

/** What can be done from the composer by writing a slash. */
export interface Command {
  /** As it is written: `/stage Qualified`. */
  text: string;
  /** What it does, in a few words. */
  what: string;
  Icon: LucideIcon;
  act: () => void;
}

export class Commands {
  constructor(private readonly all: Command[]) {}

  with = (more: Command[]) => new Commands([...this.all, ...more]);

  /** Those whose words begin as what was written; nothing but a slash offers all. */
  matching(written: string): Command[] {
    const asked = fold(written).split(/\s+/).filter(Boolean);
    return this.all.filter((command) => {
      const words = fold(command.text).split(/\s+/);
      return asked.every((one, place) =>
        place === 0 ? words[0].startsWith(one) : words.slice(1).some((word) => word.startsWith(one)),
      );
    });
  }
}

const fold = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

const NONE = new Commands([]);
const Here = createContext(NONE);
export const CommandsHere = Here.Provider;
export const useCommands = () => useContext(Here);
export const STAGE_ICON = Flag;
