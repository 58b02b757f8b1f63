import { randomUUID } from 'node:crypto';
import { AwsError } from './aws-query.ts';
import type { QueryParameters } from './aws-query.ts';

/** SNS refuses longer texts than this many characters. */
const longestText = 1600;

/** A text that SNS would take. */
export type Text = { messageId: string; to: string; text: string; from: string | undefined };

/** SNS `Publish` to a phone number. Throws the `AwsError` that SNS answers with. */
export function publish(parameters: QueryParameters): Text {
  const to = readPhoneNumber(parameters);
  const text = parameters.require('Message');
  if (text === '') throw invalidParameter('Empty message');
  if ([...text].length > longestText) throw invalidParameter('Message too long');
  const attributes = readAttributes(parameters);
  return { messageId: randomUUID(), to, text, from: attributes.get('AWS.SNS.SMS.SenderID') ?? attributes.get('AWS.MM.SMS.OriginationNumber') };
}

function readPhoneNumber(parameters: QueryParameters): string {
  if (parameters.get('TopicArn') !== undefined) throw new AwsError('NotFound', 'Topic does not exist', 404);
  if (parameters.get('TargetArn') !== undefined) throw invalidParameter('TargetArn Reason: No endpoint found for the target arn specified');
  const phoneNumber = parameters.get('PhoneNumber');
  if (phoneNumber === undefined) throw invalidParameter('TopicArn or TargetArn Reason: no value for required parameter');
  // E.164: a plus sign, then at most 15 digits that do not begin with 0.
  if (!/^\+[1-9]\d{6,14}$/.test(phoneNumber)) throw invalidParameter(`PhoneNumber Reason: ${phoneNumber} is not valid to publish to`);
  return phoneNumber;
}

/** What SNS allows in each attribute that has a meaning for texts. */
const smsAttributes = new Map([
  ['AWS.SNS.SMS.SMSType', /^(Promotional|Transactional)$/],
  ['AWS.SNS.SMS.SenderID', /^(?=.*[A-Za-z])[A-Za-z0-9-]{1,11}$/],
  ['AWS.SNS.SMS.MaxPrice', /^\d+(\.\d+)?$/],
  ['AWS.MM.SMS.OriginationNumber', /^\+?\d{5,14}$/],
  ['AWS.MM.SMS.EntityId', /^.{1,50}$/],
  ['AWS.MM.SMS.TemplateId', /^.{1,50}$/],
]);

function readAttributes(parameters: QueryParameters): Map<string, string> {
  const attributes = new Map<string, string>();
  for (const entry of parameters.entries('MessageAttributes')) {
    const name = parameters.get(`${entry}Name`) ?? '';
    const type = parameters.get(`${entry}Value.DataType`) ?? '';
    const value = parameters.get(`${entry}Value.StringValue`) ?? parameters.get(`${entry}Value.BinaryValue`) ?? '';
    if (!/^[\w.-]{1,256}$/.test(name)) throw invalidValue(`The message attribute name '${name}' is invalid.`);
    if (!/^(String|Number|Binary)(\.|$)/.test(type)) {
      throw invalidValue(`The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`);
    }
    if (value === '') throw invalidValue(`The message attribute '${name}' must contain non-empty message attribute value for message attribute type '${type}'.`);
    const allowed = smsAttributes.get(name);
    if (allowed && !allowed.test(value)) throw invalidParameter(`Message attribute ${name} Reason: ${value} is not valid`);
    if (!allowed && /^(AWS|Amazon)\./i.test(name)) throw invalidValue(`The message attribute name '${name}' begins with a reserved prefix.`);
    attributes.set(name, value);
  }
  return attributes;
}

function invalidParameter(reason: string): AwsError {
  return new AwsError('InvalidParameter', `Invalid parameter: ${reason}`);
}

function invalidValue(message: string): AwsError {
  // The code on the wire; the SDK calls the exception InvalidParameterValueException.
  return new AwsError('ParameterValueInvalid', message);
}
