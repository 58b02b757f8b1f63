import { enOperator } from './en-operator.ts';

/** What every language has to provide for the operators' pages. */
export type OperatorTexts = typeof enOperator;

/** The texts of the operators' pages; apart from the others, since very few people ever see them. */
export const operatorTexts: OperatorTexts = enOperator;
