/** What every part of the builder may ask for: the commands, the words, the tables of the rule. */
import { createContext, useContext } from 'react';
import type { Subject } from '../canvas/useTables';
import type { StepProblem } from '../model/problems';
import type { Words } from '../model/wording';
import type { Autosave } from './autosave';
import type { Commands } from './commands';
import type { useCarry } from './useCarry';

export type Room = {
  readonly commands: Commands;
  readonly words: Words;
  readonly subject: Subject;
  readonly carry: ReturnType<typeof useCarry>['grab'];
  readonly autosave: Autosave;
  readonly problemText: (problem: StepProblem) => string;
  /** What the button of a fix says that it does. */
  readonly fixText: (problem: StepProblem) => string;
  readonly stepTitle: (id: string) => string;
  readonly fit: () => void;
  readonly zoom: (factor: number) => void;
};

const RoomContext = createContext<Room | null>(null);
export const RoomProvider = RoomContext.Provider;

export function useRoom(): Room {
  const room = useContext(RoomContext);
  if (!room) throw new Error('A part of the builder was drawn outside its room');
  return room;
}
