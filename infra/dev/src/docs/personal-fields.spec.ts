import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type DescFile, type DescMessage, getOption, hasOption, ScalarType } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { pessoal, titular } from '@plataforma/contratos/comum/v1/pessoal_pb';
import { openPersonal } from '@plataforma/runtime/opening';

const CONTRACTS = join(import.meta.dirname, '../../../../gen/src');

/** Texts of events that say nothing about a person: identities, codes, what everybody can see of a space. */
const OF_NOBODY: readonly string[] = [
  ...['auth.v1.UsuarioAtualizado.espacos_geridos', 'auth.v1.UsuarioRemovido.usuario_id'],
  ...['auth.v1.SessaoEncerrada.sessao_id', 'comum.v1.Dinheiro.moeda'],
  ...['notificacao_id', 'cliente_id', 'reserva_id'].map(
    (name) => `notificacoes.v1.NotificacaoEnviada.${name}`,
  ),
  ...[
    'auth.v1.UsuarioRemovido.protocolo',
    'comum.v1.ItemDeApagamento.dados',
    'comum.v1.ItemDeApagamento.motivo',
  ],
  ...['reservas', 'pagamentos', 'notificacoes'].map(
    (service) => `${service}.v1.DadosPessoaisApagados.usuario_id`,
  ),
  ...['pagamentos.v1.PedidoEstorno.origem', 'pagamentos.v1.CobrancaCriada.checkout_url'],
];

/** The same in every event: they name things, or say by a stable code what happened. */
const IDENTITIES = /\.(cliente_id|reserva_id|espaco_id|serie_id|pagamento_id|entrada_id)$/;
const OF_SPACES = /^reservas\.v1\.\w+\.(espaco_nome|espaco_endereco|fuso_horario|descricao)$/;
const CODES =
  /^(pagamentos\.v1\.(PagamentoRecusado|EstornoFalhou|DevolucaoRecusada)|reservas\.v1\.PagamentoNaoAproveitado)\.codigo$/;

/** Of administrators at work: who, whose data by which call, and from where, in clear for less long than accesses are kept (ADR-056). */
const OF_STAFF = /\.DadosConsultados\.(autor_id|usuario_id|rpc|endereco_ip|requisicao_id)$/;

const isDecided = (name: string) =>
  OF_NOBODY.includes(name) || [IDENTITIES, OF_SPACES, CODES, OF_STAFF].some((pattern) => pattern.test(name));

async function events(): Promise<DescMessage[]> {
  const files = readdirSync(CONTRACTS, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('/v1/eventos_pb.ts'),
  );
  const modules = await Promise.all(files.map((name) => import(join(CONTRACTS, name))));
  return modules
    .flatMap((module) => Object.values<DescFile>(module))
    .filter(({ kind }) => kind === 'file')
    .flatMap(({ messages }) => messages);
}

/** The texts of an event, of the messages inside it, too. */
function textsOf(message: DescMessage, seen = new Set<DescMessage>()): DescMessage['fields'] {
  if (seen.has(message)) return [];
  seen.add(message);
  return message.fields.flatMap((field) => {
    if (field.message) return textsOf(field.message, seen);
    return field.scalar === ScalarType.STRING ? [field] : [];
  });
}

describe('every text of an event', () => {
  it('is personal, names the person, or is known to be of nobody', async () => {
    const texts = [...new Set((await events()).flatMap((event) => textsOf(event)))];
    expect(texts.length).toBeGreaterThan(60);
    const undecided = texts
      .filter((field) => !hasOption(field, pessoal) && !hasOption(field, titular))
      .map((field) => `${field.parent.typeName}.${field.name}`)
      .filter((name) => !isDecided(name));
    expect(undecided).toEqual([]);
  });

  it('that is personal can be sealed: a plain text beside one that says whose it is', async () => {
    for (const event of await events())
      await expect(openPersonal(event, { $typeName: event.typeName }, undefined)).resolves.toBe(true);
    const nested = (await events()).flatMap((event) =>
      textsOf(event).filter(({ parent }) => parent !== event),
    );
    expect(nested.filter((field) => hasOption(field, pessoal) && getOption(field, pessoal))).toEqual([]);
  });
});
