import { commonSettings, databaseSetting, redisSetting, setting } from '@latchkey/platform';
import { z } from 'zod';

export const codeIssuanceSettings = z.object({
  ...commonSettings,
  ...databaseSetting,
  ...redisSetting,
  LATCHKEY_INTERNAL_PORT: setting.port(8182, 'Health and metrics'),
  LATCHKEY_SMS_COUNTRIES: setting.list(
    'US,CA,GB,IE,DE,AT,CH,FR,BE,NL,LU,ES,PT,IT,DK,SE,NO,FI,PL,CZ,AU,NZ,MX,BR',
    'Countries that texts are sent to, ISO 3166 codes',
  ),
  LATCHKEY_CODE_WHEN_SENT_AGAIN: z
    .enum(['same', 'new'])
    .default('same')
    .describe('`same`: sending again sends the same code, since texts arrive out of order; `new`: only the latest code is good'),
});

export type CodeIssuanceSettings = z.infer<typeof codeIssuanceSettings>;
