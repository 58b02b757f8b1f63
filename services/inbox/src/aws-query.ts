// The AWS query protocol, the one SNS and SES speak: a form in, XML out.
// https://smithy.io/2.0/aws/protocols/aws-query-protocol.html

/** A refusal in AWS's own terms; the SDK turns `code` into the exception it throws. */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

/** The parameters of one call, flat as they came: `Destination.ToAddresses.member.1`. */
export class QueryParameters {
  private readonly values: URLSearchParams;

  constructor(body: Uint8Array) {
    this.values = new URLSearchParams(new TextDecoder().decode(body));
  }

  get(name: string): string | undefined {
    return this.values.get(name) ?? undefined;
  }

  /** A parameter AWS insists on; an empty one counts as given. */
  require(name: string): string {
    const value = this.get(name);
    if (value === undefined) {
      const member = name.charAt(0).toLowerCase() + name.slice(1);
      throw new AwsError('ValidationError', `1 validation error detected: Value null at '${member}' failed to satisfy constraint: Member must not be null`);
    }
    return value;
  }

  /** `name.member.1`, `name.member.2`, … up to the first gap. */
  list(name: string): string[] {
    const members: string[] = [];
    for (let value = this.get(`${name}.member.1`); value !== undefined; value = this.get(`${name}.member.${members.length + 1}`)) members.push(value);
    return members;
  }

  /** The numbered entries of a map: `name.entry.1.…`, each as a prefix to read on from. */
  entries(name: string): string[] {
    const numbers = new Set([...this.values.keys()].filter((key) => key.startsWith(`${name}.entry.`)).map((key) => key.slice(name.length + 7).split('.')[0]));
    return [...numbers].map((number) => `${name}.entry.${number}.`);
  }
}

/** The answer to a call that was taken. */
export function answerXml(action: string, namespace: string, messageId: string, requestId: string): string {
  return (
    `<${action}Response xmlns="${namespace}"><${action}Result><MessageId>${escapeXml(messageId)}</MessageId></${action}Result>` +
    `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${action}Response>`
  );
}

/** The answer to a call that was refused. */
export function errorXml(error: AwsError, namespace: string, requestId: string): string {
  const fault = error.status < 500 ? 'Sender' : 'Receiver';
  return (
    `<ErrorResponse xmlns="${namespace}"><Error><Type>${fault}</Type><Code>${error.code}</Code><Message>${escapeXml(error.message)}</Message></Error>` +
    `<RequestId>${requestId}</RequestId></ErrorResponse>`
  );
}

// XML 1.0 has no way to write most control characters, not even escaped.
const notInXml = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;

function escapeXml(text: string): string {
  return text.replace(notInXml, '\u{FFFD}').replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
