import { type ReactNode, useState } from 'react';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';

interface Question {
  title: string;
  text: string;
  action: string;
  onConfirm: () => Promise<unknown>;
}

/** One dialog for all that a page asks twice about. It keeps its words while it closes. */
export function useConfirm(): { ask: (question: Question) => void; dialog: ReactNode } {
  const [question, setQuestion] = useState<Question | null>(null);
  const [opened, setOpened] = useState(false);
  const ask = (next: Question) => {
    setQuestion(next);
    setOpened(true);
  };
  return { ask, dialog: question && <ConfirmDialog {...question} opened={opened} onClose={() => setOpened(false)} /> };
}
