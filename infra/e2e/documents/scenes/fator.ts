import { Authenticator } from '../../../../services/auth/test/support/authenticator.ts';
import type { Customer } from '../../platform/platform.ts';
import { pessoa, SENHA, type Stage } from '../stage.ts';

const AGORA = { now: () => new Date() };
export const [ENTRAR, DE_NOVO] = ['AuthService_Login', 'CREDENCIAIS_INVALIDAS'];
/** Nobody's password. */
export const ERRADA = 'Outra@123';

/** A key of the caller that has had an effect in auth. */
export const usarChave = ({ driver }: Pick<Stage, 'driver'>, as: { token: string }, codigo = '') =>
  driver.ok('ExportService_RequestExport', {
    as,
    body: { password: SENHA, ...(codigo && { codigo }) },
    again: true,
  });

/** Somebody with an app of codes. */
export async function comFator(
  { platform, driver }: Pick<Stage, 'platform' | 'driver'>,
  nome: string,
  alguem?: Customer,
) {
  const quem = alguem ?? (await pessoa(platform, nome));
  const { segredo } = await driver.ok<{ segredo: string }>('AuthService_SetupMfa', {
    ...{ as: quem, body: { password: SENHA } },
  });
  const app = new Authenticator(segredo, AGORA);
  const { codigosRecuperacao } = await driver.ok<{ codigosRecuperacao: string[] }>(
    'AuthService_ActivateMfa',
    {
      ...{ as: quem, body: { codigo: app.code() } },
    },
  );
  const codigos = [...codigosRecuperacao];
  const recuperar = () => codigos.pop() ?? '';
  // Whoever was signed in without the factor is so no more.
  const { mfaToken } = await driver.ok<{ mfaToken: string }>(ENTRAR, {
    body: { email: quem.email, password: SENHA },
  });
  const { accessToken: token } = await driver.ok<{ accessToken: string }>('AuthService_VerifyMfa', {
    ...{ body: { mfaToken, codigo: recuperar() } },
  });
  return { quem: { ...quem, token }, app, recuperar };
}

/** The second factor, from its set-up to its end. */
export async function fator(stage: Stage): Promise<void> {
  const { platform, driver } = stage;
  const novata = await pessoa(platform, 'Nina');
  const ativar = 'AuthService_ActivateMfa';
  const [preparar, desligar, renovar] = [
    'AuthService_SetupMfa',
    'AuthService_DisableMfa',
    'AuthService_RenewRecoveryCodes',
  ];
  const senha = { password: SENHA };
  await driver.refused(ativar, 'MFA_CONFIGURACAO_AUSENTE', { as: novata, body: { codigo: '123456' } });
  await driver.refused(preparar, DE_NOVO, { as: novata, body: { password: ERRADA } });
  for (const id of [desligar, renovar])
    await driver.refused(id, 'MFA_NAO_ATIVO', { as: novata, body: { ...senha, codigo: '123456' } });
  await usarChave(stage, novata);
  await driver.ok(preparar, { as: novata, body: senha });
  await driver.refused(ativar, 'MFA_CODIGO_INVALIDO', { as: novata, body: { codigo: '000000' } });

  const { quem, recuperar, app } = await comFator(stage, 'Olga');
  await driver.refused(preparar, 'MFA_JA_ATIVO', { as: quem, body: { ...senha, codigo: recuperar() } });
  await driver.refused(ativar, 'MFA_JA_ATIVO', { as: quem, body: { codigo: app.code() } });
  await usarChave(stage, quem, recuperar());
  const { mfaToken } = await driver.ok<{ mfaToken: string }>(ENTRAR, {
    body: { email: quem.email, ...senha },
  });
  const verificar = 'AuthService_VerifyMfa';
  await driver.refused(verificar, 'MFA_TOKEN_INVALIDO', { body: { mfaToken: 'nenhum', codigo: '123456' } });
  await driver.refused(verificar, 'MFA_CODIGO_INVALIDO', { body: { mfaToken, codigo: '000000' } });
  for (const id of [desligar, renovar]) {
    await driver.refused(id, DE_NOVO, { as: quem, body: { password: ERRADA, codigo: recuperar() } });
  }
  await driver.refused(renovar, 'MFA_CODIGO_INVALIDO', { as: quem, body: { ...senha, codigo: '000000' } });
  await driver.ok(renovar, { as: quem, body: { ...senha, codigo: app.code(-1) } });
  const novos = await comFator(stage, 'Otto');
  await driver.ok(desligar, { as: novos.quem, body: { ...senha, codigo: novos.recuperar() } });
  await pedemFator(stage, (await comFator(stage, 'Paula')).quem, (await comFator(stage, 'Rosa')).quem);
  const errou = (await comFator(stage, 'Sara')).quem;
  await driver.refused(desligar, 'MFA_CODIGO_INVALIDO', { as: errou, body: { ...senha, codigo: '000000' } });
}

/** Calls that ask an account for its second factor, too. */
const COM_FATOR: readonly (readonly [string, object, object?])[] = [
  ['AuthService_ChangePassword', { currentPassword: SENHA, newPassword: 'Outra-Boa@77' }],
  ['AuthService_UnlinkGoogle', { password: SENHA }],
  ['ExportService_RequestExport', { password: SENHA }],
  ['PasskeysService_StartPasskeyRegistration', { password: SENHA }],
  ['UsersService_UpdateMe', { email: 'outra@exemplo.com', password: SENHA }],
  ['UsersService_DeleteMe', { password: SENHA }],
];

async function pedemFator(
  { driver, platform }: Stage,
  semCodigo: Customer,
  comErrado: Customer,
): Promise<void> {
  for (const [id, body, path] of COM_FATOR) {
    const sent = path === undefined ? {} : { path: path as Record<string, string> };
    await driver.refused(id, 'MFA_CODIGO_NECESSARIO', { as: semCodigo, body, ...sent });
  }
  let tries = 0;
  let as = comErrado;
  for (const [id, body, path] of COM_FATOR) {
    const sent = path === undefined ? {} : { path: path as Record<string, string> };
    if (tries === 3) as = (await comFator({ driver, platform }, 'Tina')).quem;
    tries = tries === 3 ? 1 : tries + 1;
    await driver.refused(id, 'MFA_CODIGO_INVALIDO', { as, body: { ...body, codigo: '000000' }, ...sent });
  }
}
