import { create } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { describe, expect, it } from '@jest/globals';
import { TipoEventoSeguranca } from '@plataforma/contratos/auth/v1/audit_service_pb';
import { DadosConsultadosSchema as EmNotificacoes } from '@plataforma/contratos/notificacoes/v1/eventos_pb';
import { DadosConsultadosSchema as EmPagamentos } from '@plataforma/contratos/pagamentos/v1/eventos_pb';
import { DadosConsultadosSchema as EmReservas } from '@plataforma/contratos/reservas/v1/eventos_pb';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { verificar } from '../support/enderecos.ts';
import { ADMIN, as, pessoa, useAuth } from '../support/use-auth.ts';

/* What the other services tell of looks at data of people (ADR-056). */

const clock = new FixedClock(new Date(Math.floor(Date.now() / 60_000 - 8) * 60_000).toISOString());
const { auth, rpc } = useAuth({ clock });

const ESQUEMAS = { reservas: EmReservas, pagamentos: EmPagamentos, notificacoes: EmNotificacoes };
type Servico = keyof typeof ESQUEMAS;

const SERVICOS: Servico[] = ['reservas', 'pagamentos', 'notificacoes'];
const CHEFE = 'cli_chefe';

/** What the bus brings from a service. */
async function ouvir(servico: Servico, usuarioId: string, id = crypto.randomUUID()) {
  const schema = ESQUEMAS[servico];
  const consumer = auth.consumers.find(({ durable }) => durable === `auth-consultas-${servico}`);
  const subscription = consumer?.on.find((one) => one.schema === schema);
  if (!consumer || !subscription) throw new Error(`nobody hears ${schema.typeName}`);
  const rpc = `${servico}.v1.Service/Obter`;
  const init = { autorId: CHEFE, usuarioId, rpc, enderecoIp: '198.51.100.7', requisicaoId: 'pedido-1' };
  const message = create(schema, { ...init, ocorridoEm: timestampFromDate(clock.now()) });
  const agregado = { tipo: 'consulta', id: `${CHEFE}/${usuarioId}/${rpc}`, versao: 1 };
  await subscription.handle(message, {
    ...{ id, subject: schema.typeName, agregado, ocorridoEm: new Date(), entrega: 1 },
  });
  return consumer;
}

async function conta() {
  const quem = pessoa();
  const { id } = await rpc.auth.signup(quem);
  await verificar({ auth, rpc }, id);
  return { id, sessao: await rpc.auth.login(quem) };
}

const { DADOS_CONSULTADOS: tipo } = TipoEventoSeguranca;

const paraAdmins = async (usuarioId: string) =>
  (await rpc.audit.listSecurityEvents({ usuarioId, tipo, autorId: CHEFE }, as(await rpc.auth.login(ADMIN))))
    .eventos;

describe('a look at data in another service', () => {
  it.each(SERVICOS)('is a security event: of %s', async (servico) => {
    const { id } = await conta();
    const consumer = await ouvir(servico, id);
    expect(consumer).toMatchObject({
      ...{ stream: servico.toUpperCase(), filter: `${servico}.v1.DadosConsultados` },
    });
    const [evento, ...outros] = await paraAdmins(id);
    expect(outros).toEqual([]);
    expect(evento).toMatchObject({
      ...{ autorId: CHEFE, usuarioId: id, detalhe: `${servico}.v1.Service/Obter` },
      ...{ ip: '198.51.100.7', requisicaoId: 'pedido-1', ocorridoEm: timestampFromDate(clock.now()) },
    });
  });

  it('is told to the person, without where the administrator was', async () => {
    const { id, sessao } = await conta();
    await ouvir('pagamentos', id);
    const { eventos } = await rpc.audit.listMySecurityEvents({}, as(sessao));
    const [evento] = eventos.filter((one) => one.tipo === tipo);
    expect(evento).toMatchObject({ autorId: CHEFE, detalhe: 'pagamentos.v1.Service/Obter' });
    expect(evento).toMatchObject({ ip: '', requisicaoId: '', dispositivoNome: '' });
  });

  it('of several people is an event of nobody in particular', async () => {
    await ouvir('reservas', '');
    const { eventos } = await rpc.audit.listSecurityEvents(
      { tipo, autorId: CHEFE, pageSize: 1 },
      as(await rpc.auth.login(ADMIN)),
    );
    expect(eventos).toMatchObject([{ usuarioId: '', detalhe: 'reservas.v1.Service/Obter' }]);
  });

  it('that is heard twice is one event, and counted once', async () => {
    const { id } = await conta();
    const contagem = async () => {
      const metric = await auth.metrics.registry.getSingleMetric('auth_security_events_total')?.get();
      return metric?.values.find(({ labels }) => labels.kind === 'DADOS_CONSULTADOS')?.value ?? 0;
    };
    const antes = await contagem();
    const mensagem = crypto.randomUUID();
    await ouvir('notificacoes', id, mensagem);
    await ouvir('notificacoes', id, mensagem);
    expect(await contagem()).toBe(antes + 1);
    clock.advance(60_000);
    await ouvir('notificacoes', id, mensagem);
    expect(await paraAdmins(id)).toHaveLength(1);
  });
});
