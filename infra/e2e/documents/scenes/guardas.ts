import { randomUUID } from 'node:crypto';
import { googleEnv } from '@plataforma/dev/stack/service-env';
import { consent } from '@plataforma/testing/oidc/consent';
import { VirtualAuthenticator } from '../../../../services/auth/test/support/virtual-authenticator.ts';
import { claimsOf, withPapeis } from '../../access/scene.ts';
import { signed, signingKeyOf } from '../../access/signing-key.ts';
import type { Customer } from '../../platform/platform.ts';
import { enderecoDe, pessoa, SENHA, type Stage } from '../stage.ts';
import { comFator, ERRADA } from './fator.ts';

const NECESSARIO = 'MFA_CODIGO_NECESSARIO';
const INVALIDO = 'MFA_CODIGO_INVALIDO';
const senha = { password: SENHA };

/** Calls that ask who somebody is again, with a password that is wrong. */
const QUEM_E: readonly (readonly [string, object])[] = [
  ['AuthService_SetupMfa', {}],
  ['AuthService_UnlinkGoogle', {}],
  ['ExportService_RequestExport', {}],
  ['PasskeysService_StartPasskeyRegistration', {}],
  ['UsersService_UpdateMe', { email: 'outra@exemplo.com' }],
  ['UsersService_DeleteMe', {}],
];

/** Who guesses waits. */
export async function tentativas(stage: Stage): Promise<void> {
  const { driver, platform } = stage;
  const bia = await pessoa(platform, 'Bia');
  await esgotar(stage, bia);
  const reason = 'MUITAS_TENTATIVAS';
  for (const [id, body] of QUEM_E) {
    await driver.refused(id, reason, { as: bia, body: { ...body, ...senha } });
    await esgotar(stage, bia);
  }
  await driver.refused('AuthService_Login', reason, { body: { email: bia.email, ...senha } });
  const { quem } = await comFator(stage, 'Cida');
  await esgotar(stage, quem);
  for (const id of ['AuthService_DisableMfa', 'AuthService_RenewRecoveryCodes']) {
    await driver.refused(id, reason, { as: quem, body: { ...senha, codigo: '123456' } });
    await esgotar(stage, quem);
  }
}

/** Of one caller, by wrong passwords. */
async function esgotar({ driver }: Stage, as: Customer): Promise<void> {
  const body = { currentPassword: ERRADA, newPassword: 'Outra-Boa@77' };
  for (let n = 0; n < 60; n += 1) {
    const { status, headers } = await driver.call('AuthService_ChangePassword', { as, body });
    const espera = Number(headers.get('retry-after'));
    if (status === 429 && espera >= 3) return;
    if (status === 429) await new Promise((resolve) => setTimeout(resolve, espera * 1_000));
  }
  throw new Error('nobody is kept from guessing');
}

/** Administrators are asked for more. */
export async function administradores(stage: Stage): Promise<void> {
  const { driver, platform } = stage;
  const alvo = await pessoa(platform, 'Davi');
  const poder = { papeis: ['CLIENTE', 'GESTOR'] };
  const calls = [
    ['UsersService_UpdateUser', poder, alvo.id],
    ['UsersService_DeleteUser', {}, alvo.id],
    ['UsersService_ResetUserMfa', {}, (await comFator(stage, 'Edna')).quem.id],
  ] as const;
  const { quem } = await comFator(stage, 'Flora', await withPapeis(platform, ['CLIENTE', 'ADMIN']));
  for (const [id, body, usuarioId] of calls) {
    await driver.refused(id, NECESSARIO, { as: quem, path: { usuarioId }, body: { ...body, ...senha } });
    await driver.refused(id, INVALIDO, {
      as: quem,
      path: { usuarioId },
      body: { ...body, ...senha, codigo: '000000' },
    });
  }
  const outro = await withPapeis(platform, ['CLIENTE', 'ADMIN']);
  await esgotar(stage, outro);
  for (const [id, body, usuarioId] of calls) {
    await driver.refused(id, 'MUITAS_TENTATIVAS', {
      as: outro,
      path: { usuarioId },
      body: { ...body, ...senha },
    });
    await esgotar(stage, outro);
  }
}

interface Vinda {
  readonly code: string;
  readonly state: string;
  readonly iss: string;
}

/** Google: in, linked, and unlinked. */
export async function google(stage: Stage): Promise<void> {
  const { driver, platform } = stage;
  const { redirectUri } = googleEnv(platform.stack);
  const [comecar, acabar] = ['AuthService_StartGoogle', 'AuthService_FinishGoogle'];
  const [vincular, vinculo] = ['AuthService_StartGoogleLink', 'AuthService_LinkGoogle'];
  const ida = async (id: string, call: object): Promise<{ url: string; cookie: string }> => {
    const { authorizationUrl } = await driver.ok<{ authorizationUrl: string }>(id, call);
    const cookies = driver.exchanges.at(-1)?.answer.headers.get('set-cookie') ?? '';
    return { url: authorizationUrl, cookie: cookies.split(';')[0] ?? '' };
  };
  const volta = async ({ url, cookie }: { url: string; cookie: string }, email: string, verified = 'yes') => {
    const body: Vinda = await consent(url, { name: 'Gil Melo', email, verified });
    return { body, headers: { cookie } };
  };
  const entrar = { body: { redirectUri } };
  const email = enderecoDe('Gil');
  const { accessToken } = await driver.ok<{ accessToken: string }>(
    acabar,
    await volta(await ida(comecar, entrar), email),
  );
  await driver.refused(acabar, 'GOOGLE_LOGIN_INVALIDO', {
    body: { code: 'nenhum', state: 'nenhum', iss: '' },
  });
  const semProva = await volta(await ida(comecar, entrar), enderecoDe('Gil'), 'no');
  await driver.refused(acabar, 'GOOGLE_EMAIL_NAO_VERIFICADO', semProva);
  const hugo = await pessoa(platform, 'Hugo');
  await driver.refused(
    acabar,
    'GOOGLE_VINCULO_NECESSARIO',
    await volta(await ida(comecar, entrar), hugo.email),
  );

  await driver.ok('ExportService_RequestExport', { as: hugo, body: senha, again: true });
  await driver.refused(vincular, 'CREDENCIAIS_INVALIDAS', {
    as: hugo,
    body: { redirectUri, password: ERRADA },
  });
  await driver.refused(vinculo, 'GOOGLE_LOGIN_INVALIDO', {
    as: hugo,
    body: { code: 'nenhum', state: 'nenhum', iss: '' },
  });
  const deOutra = await volta(await ida(vincular, { as: hugo, body: { redirectUri, ...senha } }), email);
  await driver.refused(vinculo, 'GOOGLE_DE_OUTRA_CONTA', { as: hugo, ...deOutra });
  const sua = await volta(
    await ida(vincular, { as: hugo, body: { redirectUri, ...senha } }),
    enderecoDe('Hugo'),
  );
  await driver.ok(vinculo, { as: hugo, ...sua });
  await driver.refused(vincular, 'GOOGLE_JA_VINCULADO', { as: hugo, body: { redirectUri, ...senha } });
  const desvincular = 'AuthService_UnlinkGoogle';
  await driver.refused(desvincular, 'CREDENCIAIS_INVALIDAS', { as: hugo, body: { password: ERRADA } });
  await driver.refused(desvincular, 'SENHA_NECESSARIA', { as: { token: accessToken }, body: senha });
  await driver.ok(desvincular, { as: hugo, body: senha });
  const { quem } = await comFator(stage, 'Ines');
  await driver.refused(vincular, NECESSARIO, { as: quem, body: { redirectUri, ...senha } });
  await driver.refused(vincular, INVALIDO, { as: quem, body: { redirectUri, ...senha, codigo: '000000' } });

  // A login of an hour ago.
  const agora = Math.floor(Date.now() / 1000);
  const antigo = { ...claimsOf(accessToken), auth_time: agora - 3_600 };
  const as = { token: signed(await signingKeyOf(platform), antigo) };
  for (const [id, body] of QUEM_E)
    if (id !== desvincular) await driver.refused(id, 'LOGIN_RECENTE_NECESSARIO', { as, body });
}

/** Passkeys, on a device that is none. */
export async function passkeys(stage: Stage): Promise<void> {
  const { driver, platform } = stage;
  const device = () =>
    new VirtualAuthenticator({ origin: `http://localhost:${platform.stack.ports.EDGE_PORT}` });
  const joao = await pessoa(platform, 'Joao');
  const id = (nome: string) => `PasskeysService_${nome}`;
  await driver.ok('ExportService_RequestExport', { as: joao, body: senha, again: true });
  await driver.refused(id('StartPasskeyRegistration'), 'CREDENCIAIS_INVALIDAS', {
    as: joao,
    body: { password: ERRADA },
  });
  await driver.refused(id('StartPasskeyProof'), 'PASSKEY_NAO_ENCONTRADA', { as: joao });
  await driver.refused(id('FinishPasskeyRegistration'), 'PASSKEY_REGISTRO_INVALIDO', {
    as: joao,
    body: { resposta: '{}', nome: 'Telefone' },
  });
  const opcoes = async (as: Customer | { token: string }) =>
    (await driver.ok<{ opcoes: string }>(id('StartPasskeyRegistration'), { as, body: senha })).opcoes;
  const telefone = device();
  const registro = { resposta: telefone.create(await opcoes(joao)), nome: 'Telefone' };
  const { passkey } = await driver.ok<{ passkey: { id: string } }>(id('FinishPasskeyRegistration'), {
    as: joao,
    body: registro,
  });
  // The session from before has no factor.
  const login = async () => {
    const { opcoes: desafio } = await driver.ok<{ opcoes: string }>(id('StartPasskeyLogin'));
    const { accessToken } = await driver.ok<{ accessToken: string }>(id('FinishPasskeyLogin'), {
      body: { resposta: telefone.get(desafio) },
    });
    return { token: accessToken };
  };
  const as = await login();
  await driver.refused(id('FinishPasskeyLogin'), 'PASSKEY_LOGIN_INVALIDO', { body: { resposta: '{}' } });
  await driver.refused(id('StartPasskeyLogin'), 'MFA_TOKEN_INVALIDO', { body: { mfaToken: 'nenhum' } });
  await driver.refused(id('FinishPasskeyLogin'), 'MFA_TOKEN_INVALIDO', {
    body: { resposta: '{}', mfaToken: 'nenhum' },
  });
  const { quem: comApp } = await comFator(stage, 'Katia');
  const { mfaToken } = await driver.ok<{ mfaToken: string }>('AuthService_Login', {
    body: { email: comApp.email, ...senha },
  });
  await driver.refused(id('StartPasskeyLogin'), 'PASSKEY_NAO_ENCONTRADA', { body: { mfaToken } });
  await driver.ok(id('ListPasskeys'), { as });
  const prova = await driver.ok<{ opcoes: string }>(id('StartPasskeyProof'), { as });
  await driver.refused(id('FinishPasskeyProof'), 'PASSKEY_LOGIN_INVALIDO', { as, body: { resposta: '{}' } });
  const { codigo } = await driver.ok<{ codigo: string }>(id('FinishPasskeyProof'), {
    as,
    body: { resposta: telefone.get(prova.opcoes) },
  });
  const remover = id('RemovePasskey');
  const path = { passkeyId: passkey.id };
  await driver.refused(remover, 'PASSKEY_NAO_ENCONTRADA', {
    as,
    path: { passkeyId: randomUUID() },
    body: { ...senha, codigo },
  });
  await driver.refused(remover, NECESSARIO, { as, path, body: senha });
  await driver.refused(remover, INVALIDO, { as, path, body: { ...senha, codigo: '000000' } });
  await driver.refused(remover, 'CREDENCIAIS_INVALIDAS', { as, path, body: { password: ERRADA, codigo } });
  await driver.ok(remover, { as, path, body: { ...senha, codigo } });
}

/** Keys of programs, and the tokens that they are traded for. */
export async function chaves(stage: Stage): Promise<void> {
  const { driver, platform } = stage;
  const [criar, rotacionar, revogar] = [
    'ChavesApiService_CriarChave',
    'ChavesApiService_RotacionarChave',
    'ChavesApiService_RevogarChave',
  ];
  const as = await pessoa(platform, 'Lara');
  await driver.ok('ExportService_RequestExport', { as, body: senha, again: true });
  const pedido = { nome: 'Sistema de portaria', escopos: ['espacos:ler', 'reservas:ler'], validadeDias: 90 };
  await driver.refused(criar, 'CREDENCIAIS_INVALIDAS', { as, body: { ...pedido, password: ERRADA } });
  const chave = await driver.ok<{ id: string; segredo: string }>(criar, {
    as,
    body: { ...pedido, ...senha },
  });
  const cliente = { client_id: chave.id, client_secret: chave.segredo };
  const troca = { grant_type: 'client_credentials', ...cliente };
  await driver.ok('TrocarChavePorToken', { body: troca });
  await driver.call('TrocarChavePorToken', { body: { ...troca, client_secret: 'nenhum' } });
  await driver.ok('ChavesApiService_ListarChaves', { as, query: { pageSize: 1 } });
  await driver.refused('ChavesApiService_ListarChaves', 'PAGINA_INVALIDA', {
    as,
    query: { pageToken: 'nada' },
  });
  const path = { chaveId: chave.id };
  const nenhuma = { chaveId: `chv_${'0'.repeat(8)}` };
  await driver.refused(rotacionar, 'CHAVE_NAO_ENCONTRADA', { as, path: nenhuma, body: senha });
  await driver.refused(rotacionar, 'CREDENCIAIS_INVALIDAS', { as, path, body: { password: ERRADA } });
  await driver.ok(rotacionar, { as, path, body: senha });
  await driver.refused(revogar, 'CHAVE_NAO_ENCONTRADA', { as, path: nenhuma });
  await driver.ok(revogar, { as, path });
  await driver.refused(rotacionar, 'CHAVE_ENCERRADA', { as, path, body: senha });
}
