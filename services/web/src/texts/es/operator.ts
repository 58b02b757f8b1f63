export { operatorTexts } from '../en/operator.ts';
