import { createECDH, randomBytes, randomInt } from 'node:crypto';
import { eventually } from '@plataforma/testing/eventually';
import Stripe from 'stripe';
import type { Platform } from '../../platform/platform.ts';
import { em, NINGUEM, pessoa, type Stage } from '../stage.ts';

const REGISTRAR = 'DispositivosService_RegistrarDispositivo';

/** What somebody is told, by which ways, and where they do not want it. */
export async function mensagens(stage: Stage): Promise<void> {
  const { driver, platform, admin, ana } = stage;
  const zoe = await pessoa(platform, 'Zoe');
  await driver.ok(REGISTRAR, { as: zoe, body: navegador(platform, 30), again: true });
  await eventually(
    async () => {
      const { body } = await zoe.rest.get<object>('/api/v1/notificacoes?pageSize=1');
      if (JSON.stringify(body).includes('PENDENTE')) throw new Error('not sent yet');
    },
    { timeoutMs: 30_000 },
  );
  for (const id of ['NotificacoesService_ListarNotificacoes', 'NotificacoesService_ObterHistorico']) {
    await driver.ok(id, { as: zoe, query: { pageSize: 1 } });
    await driver.refused(id, 'PAGINA_INVALIDA', { as: ana, query: { pageToken: 'nada' } });
  }
  const [trocar, ajustar] = [
    'NotificacoesService_AtualizarPreferencias',
    'NotificacoesService_AjustarPreferencias',
  ];
  const escolhas = { email: true, sms: false, push: false, lembretes: true, telefone: '' };
  await driver.ok('NotificacoesService_ObterPreferencias', { as: zoe });
  await driver.refused(trocar, 'TELEFONE_AUSENTE', { as: zoe, body: { ...escolhas, sms: true } });
  await driver.refused(trocar, 'TELEFONE_INVALIDO', {
    as: zoe,
    body: { ...escolhas, telefone: '+55119999' },
  });
  await driver.refused(ajustar, 'TELEFONE_AUSENTE', { as: zoe, body: { sms: true } });
  await driver.refused(ajustar, 'IDIOMA_INEXISTENTE', { as: zoe, body: { idioma: 'fr' } });
  const silencio = { inicio: '22:00', fim: '07:00', fusoHorario: 'America/Sao_Paulo' };
  await driver.refused(ajustar, 'SILENCIO_INVALIDO', {
    as: zoe,
    body: { silencio: { ...silencio, fim: '22:00' } },
  });
  await driver.refused(ajustar, 'FUSO_INVALIDO', {
    as: zoe,
    body: { silencio: { ...silencio, fusoHorario: 'Lugar/Nenhum' } },
  });
  const obrigatoria = { grupo: 'SEGURANCA', canal: 'EMAIL', ligada: false };
  await driver.refused(ajustar, 'PREFERENCIA_OBRIGATORIA', { as: zoe, body: { escolhas: [obrigatoria] } });
  await driver.ok(ajustar, { as: zoe, body: { silencio } });

  const [pedir, confirmar] = ['TelefonesService_PedirCodigoDeTelefone', 'TelefonesService_ConfirmarTelefone'];
  const telefone = `+55119${randomInt(1e7, 1e8)}`;
  await driver.refused(pedir, 'TELEFONE_AUSENTE', { as: zoe });
  await driver.ok(trocar, { as: zoe, body: { ...escolhas, telefone } });
  await driver.ok('TelefonesService_ObterTelefone', { as: zoe });
  await driver.ok(pedir, { as: zoe });
  await driver.refused(pedir, 'MUITOS_CODIGOS', { as: zoe });
  await driver.refused(confirmar, 'CODIGO_DE_TELEFONE_INVALIDO', { as: zoe, body: { codigo: '000000' } });
  const codigo = await codigoPorSms(stage, telefone);
  await driver.ok(confirmar, { as: zoe, body: { codigo } });

  const contatos = 'ContatosService_ListarContatosNaoEntregaveis';
  await driver.ok(contatos, { as: admin, query: { pageSize: 1 } });
  await driver.refused(contatos, 'PAGINA_INVALIDA', { as: admin, query: { pageToken: 'nada' } });
  await driver.refused('ContatosService_LiberarContato', 'CONTATO_NAO_ENCONTRADO', {
    ...{ as: admin, path: { clienteId: `cli_${NINGUEM}` } },
  });
  await dispositivos(stage);
}

async function codigoPorSms({ platform }: Stage, para: string): Promise<string> {
  let codigo = '';
  await eventually(
    async () => {
      const response = await fetch(`http://127.0.0.1:${platform.stack.ports.PROVIDERS_PORT}/messages`);
      const all = (await response.json()) as { channel: string; to: string; text: string }[];
      const found = all.filter(({ channel, to }) => channel === 'SMS' && to === para);
      codigo = /\b(\d{6})\b/.exec(found.map(({ text }) => text).join('\n'))?.[1] ?? '';
      if (codigo === '') throw new Error('no code yet');
    },
    { timeoutMs: 30_000 },
  );
  return codigo;
}

/** A browser that takes messages (RFC 8291), by a service that stands in for its maker's. */
function navegador({ stack }: Platform, n: number) {
  const keys = createECDH('prime256v1').generateKeys('base64url');
  const endpoint = `http://127.0.0.1:${stack.ports.PROVIDERS_PORT}/push/${n}`;
  const auth = randomBytes(16).toString('base64url');
  return { nome: 'Navegador', inscricao: { endpoint, keys: { p256dh: keys, auth } } };
}

async function dispositivos({ platform, driver }: Stage): Promise<void> {
  const ivo = await pessoa(platform, 'Ivo');
  await driver.ok('DispositivosService_ObterChavePush', { as: ivo });
  await driver.refused(REGISTRAR, 'INSCRICAO_PUSH_INVALIDA', {
    ...{
      as: ivo,
      body: {
        nome: 'Navegador',
        inscricao: { ...navegador(platform, 40).inscricao, keys: { p256dh: 'AAAA', auth: 'AAAA' } },
      },
    },
  });
  const { id } = await driver.ok<{ id: string }>(REGISTRAR, { as: ivo, body: navegador(platform, 0) });
  for (let n = 1; n < 10; n += 1)
    await ivo.rest.post('/api/v1/notificacoes/dispositivos', navegador(platform, n));
  await driver.refused(REGISTRAR, 'LIMITE_DE_DISPOSITIVOS', { as: ivo, body: navegador(platform, 10) });
  const lia = await pessoa(platform, 'Lia');
  await lia.rest.post('/api/v1/notificacoes/dispositivos', navegador(platform, 20));
  await driver.ok('DispositivosService_ListarDispositivos', { as: lia });
  const remover = 'DispositivosService_RemoverDispositivo';
  await driver.refused(remover, 'DISPOSITIVO_NAO_ENCONTRADO', {
    as: ivo,
    path: { dispositivoId: `dsp_${NINGUEM}` },
  });
  await driver.ok(remover, { as: ivo, path: { dispositivoId: id } });
}

/** Webhooks of integrators, and what was delivered to them. */
export async function webhooks({ driver, platform, admin }: Stage): Promise<void> {
  const nenhum = { webhookId: `whk_${NINGUEM}` };
  const url = `http://127.0.0.1:${platform.stack.ports.STRIPE_PORT}/_controle`;
  // Of no space of anybody: what others book meanwhile would stand among its deliveries.
  const espacoIds = [`esp_${NINGUEM}`];
  const tipos = ['RESERVA_CONFIRMADA', 'RESERVA_CANCELADA'];
  const webhook = { nome: 'Sistema de portaria', url, tipos, espacoIds };
  const id = (nome: string) => `WebhooksService_${nome}`;
  const criado = await driver.ok<{ id: string }>(id('CriarWebhook'), {
    as: admin,
    body: webhook,
    again: true,
  });
  const path = { webhookId: criado.id };
  await driver.refused(id('CriarWebhook'), 'URL_NAO_PERMITIDA', {
    as: admin,
    body: { ...webhook, url: 'http://10.0.0.1/eventos' },
  });
  await driver.ok(id('ObterWebhook'), { as: admin, path });
  await driver.ok(id('ListarWebhooks'), { as: admin, query: { pageSize: 1, situacao: 'ATIVO' } });
  await driver.refused(id('ListarWebhooks'), 'PAGINA_INVALIDA', { as: admin, query: { pageToken: 'nada' } });
  await driver.ok(id('AtualizarWebhook'), { as: admin, path, body: { ...webhook, nome: 'Portaria' } });
  await driver.refused(id('AtualizarWebhook'), 'URL_NAO_PERMITIDA', {
    as: admin,
    path,
    body: { ...webhook, url: 'http://10.0.0.1/eventos' },
  });
  await driver.ok(id('TrocarChaveWebhook'), { as: admin, path });
  const entrega = await driver.ok<{ eventoId: string }>(id('TestarWebhook'), { as: admin, path });
  await eventually(
    async () => {
      const { body } = await admin.rest.get<object>(
        `/api/v1/integracoes/webhooks/${criado.id}/entregas?pageSize=1`,
      );
      if (!JSON.stringify(body).includes('statusHttp')) throw new Error('not tried yet');
    },
    { timeoutMs: 30_000 },
  );
  await driver.ok(id('ListarEntregas'), { as: admin, path, query: { pageSize: 1 } });
  await driver.refused(id('ListarEntregas'), 'PAGINA_INVALIDA', {
    as: admin,
    path,
    query: { pageToken: 'nada' },
  });
  const reenvio = { ...path, eventoId: entrega.eventoId };
  await driver.ok(id('Reentregar'), { as: admin, path: reenvio });
  await driver.refused(id('Reentregar'), 'ENTREGA_NAO_ENCONTRADA', {
    as: admin,
    path: { ...path, eventoId: 'nenhum' },
  });
  const hoje = { dataInicio: em(-1, 0), dataFim: em(0, 0) };
  await driver.ok(id('RepetirEventos'), { as: admin, path, body: hoje });
  await driver.refused(id('RepetirEventos'), 'PERIODO_INVALIDO', {
    as: admin,
    path,
    body: { dataInicio: hoje.dataFim, dataFim: hoje.dataInicio },
  });
  await driver.ok(id('DesativarWebhook'), { as: admin, path });
  await driver.refused(id('TestarWebhook'), 'WEBHOOK_DESATIVADO', { as: admin, path });
  await driver.refused(id('Reentregar'), 'WEBHOOK_DESATIVADO', { as: admin, path: reenvio });
  await driver.refused(id('RepetirEventos'), 'WEBHOOK_DESATIVADO', { as: admin, path, body: hoje });
  await driver.ok(id('AtivarWebhook'), { as: admin, path });
  const bodies: Readonly<Record<string, object>> = { AtualizarWebhook: webhook, RepetirEventos: hoje };
  for (const nome of [
    'ObterWebhook',
    'AtualizarWebhook',
    'TrocarChaveWebhook',
    'AtivarWebhook',
    'DesativarWebhook',
    'ApagarWebhook',
    'ListarEntregas',
    'Reentregar',
    'TestarWebhook',
    'RepetirEventos',
  ]) {
    const body = bodies[nome];
    await driver.refused(id(nome), 'WEBHOOK_NAO_ENCONTRADO', {
      as: admin,
      path: { ...nenhum, eventoId: 'nenhum' },
      ...(body && { body }),
    });
  }
  await driver.ok(id('ApagarWebhook'), { as: admin, path });
  for (let n = 0; n < 20; n += 1)
    await admin.rest.post('/api/v1/integracoes/webhooks', webhook).catch(() => undefined);
  await driver.refused(id('CriarWebhook'), 'LIMITE_DE_WEBHOOKS', { as: admin, body: webhook });
}

/** What is no RPC: keys, and what providers and mail programs call. */
export async function semContrato({ driver, platform }: Stage): Promise<void> {
  await driver.ok('ChavesPublicas');
  const providers = [
    'WebhookStripe',
    'RetornosSendGrid',
    'RetornosResend',
    'RetornosTwilio',
    'RespostasTwilio',
  ];
  const path = { notificacaoId: `not_${NINGUEM}` };
  for (const id of providers) await driver.refused(id, 'ASSINATURA_INVALIDA', { body: {}, path });
  const payload = JSON.stringify({
    id: 'evt_exemplo',
    object: 'event',
    type: 'customer.created',
    data: { object: {} },
  });
  const secret = platform.stack.secrets.webhookSecret;
  const signature = Stripe.webhooks.generateTestHeaderString({ payload, secret });
  await driver.ok('WebhookStripe', { body: payload, headers: { 'stripe-signature': signature } });
  await driver.call('PerguntarDescadastro', { path: { token: 'nenhum' } });
  await driver.call('Descadastrar', { path: { token: 'nenhum' }, body: { 'List-Unsubscribe': 'One-Click' } });
}
