import { createContext, useContext } from 'react';
import type { Room, RoomEvent } from '../api/types';
import type { Standing } from './about';
import type { Stream } from './stream';

/** Where a message is shown: in the log, or in a panel beside it. */
export type Place = 'log' | 'side';

/** What can be done in a room that is open. */
export interface Talk {
  room: Room;
  stream: Stream;
  canWrite: boolean;
  /** Whether one may take back what others of one's organisation said. */
  answersFor: boolean;
  /** The message whose words are being bettered, and where. */
  editing: { seq: number; place: Place } | null;
  edit: (seq: number | null, place?: Place) => void;
  /** Answers a message in the composer, with its words above. */
  reply: (event: RoomEvent, said: Standing) => void;
  thread: (seq: number) => void;
  /** Goes on from a message as a topic; only in the main room of a deal. */
  topic?: (seq: number) => void;
  react: (seq: number, emoji: string, on: boolean) => void;
  pin: (seq: number, on: boolean) => void;
  takeBack: (seq: number) => void;
  report: (seq: number) => void;
  /** Hides a message, or shows it again; only where one's side keeps order. */
  hide?: (seq: number, on: boolean) => void;
  /** Goes to the messages between oneself and somebody. */
  writeTo?: (event: RoomEvent) => void;
  jump: (seq: number) => void;
  /** A message of the log that is held, as it stands. */
  held: (seq: number) => { event: RoomEvent; said: Standing } | undefined;
  write: () => void;
}

const Here = createContext<Talk | null>(null);
export const TalkHere = Here.Provider;
export const useTalk = () => useContext(Here)!;
