import { type ReactNode, useState } from 'react';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';

interface Question {
  title: string;
  text: string;
  action: string;
  onConfirm: () => Promise<unknown>;
}

const nothing: Question = { title: '', text: '', action: '', onConfirm: () => Promise.resolve() };

/**
 * One dialog for all that a page asks twice about. It keeps its words while it closes, and is there before it opens: only
 * then does it know where the focus has to go back to.
 */
export function useConfirm(): { ask: (question: Question) => void; dialog: ReactNode } {
  const [question, setQuestion] = useState(nothing);
  const [opened, setOpened] = useState(false);
  const ask = (next: Question) => {
    setQuestion(next);
    setOpened(true);
  };
  return { ask, dialog: <ConfirmDialog {...question} opened={opened} onClose={() => setOpened(false)} /> };
}
