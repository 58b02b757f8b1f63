import type { RequestFailed } from '@latchkey/client';
import { Anchor, Button, Stack, Text } from '@mantine/core';
import { Link } from 'wouter';
import { FailureMessage } from '../../components/failure-message.tsx';
import { PageHeading } from '../../components/page-heading.tsx';
import { Points } from '../../components/points.tsx';
import { useAction } from '../../components/use-action.ts';
import { type Attempt, keepAttempt } from '../../session/stored-attempt.ts';
import { pageTexts } from '../../texts/page-texts.ts';

const words = pageTexts.reset;

interface ExplainResetProps {
  attempt: Attempt;
  onSend: () => Promise<void>;
  onRefused: (failure: RequestFailed) => boolean;
}

/** Says what a reset does before anything is sent, and what would be a smaller step. */
export function ExplainReset({ attempt, onSend, onRefused }: ExplainResetProps) {
  const { busy, failure, run } = useAction();
  const recovery = attempt.methods.find(({ kind }) => kind === 'recovery_code');
  return (
    <Stack gap="md">
      <PageHeading>{words.title}</PageHeading>
      {recovery && (
        <div>
          <Text mb="xs">{words.haveRecoveryCodes}</Text>
          <Button
            component={Link}
            to="/sign-in/code"
            variant="default"
            fullWidth
            onClick={() => keepAttempt({ ...attempt, methodId: recovery.id })}
          >
            {pageTexts.enterCode.useRecoveryCode}
          </Button>
        </div>
      )}
      <div>
        <Text mb="xs">{words.lead}</Text>
        <Points items={words.does} />
      </div>
      <Button fullWidth onClick={() => run(onSend, onRefused)} loading={busy}>
        {words.submit}
      </Button>
      {failure && <FailureMessage failure={failure} />}
      <Anchor component={Link} to="/sign-in/code">
        {words.otherWay}
      </Anchor>
    </Stack>
  );
}
