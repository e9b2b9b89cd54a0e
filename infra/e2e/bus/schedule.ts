import { type Random, seededRandom, shuffled } from '@plataforma/dev/stripe/switches/seeded-random';
import { conferir, conferirTotais } from '../livros/conferencia.ts';
import { lerLivros, lerTotais } from '../livros/ler-livros.ts';
import { CENARIOS, type Cenario, falhasDe } from './cenarios.ts';
import { Gente, type Pessoa } from './gente.ts';
import { Perturbador } from './perturbador.ts';
import { Barramento, type Relogios } from './replicas.ts';
import { descansar, desistencias, efeitosRepetidos } from './sossego.ts';
import { WebhooksEmDobro } from './webhooks.ts';

/** What became of one schedule. */
export interface Ensaio {
  /** What does not fit when everything has come to rest. */
  readonly problemas: readonly string[];
  /** How often each thing that is to be borne was really there. */
  readonly golpes: Readonly<Record<string, number>>;
  /** What was done, for the reader who looks for the reason. */
  readonly relato: string;
}

/** One booking, its end still to be looked at. */
interface Vivida {
  readonly cenario: Cenario;
  readonly pessoa: Pessoa;
  falha?: unknown;
}

/** People on the way at the same time. */
const AO_MESMO_TEMPO = 5;
/** No clock is further from true time; the two of a service are a minute apart at most, and half a minute at least. */
const MAIOR_DESVIO_MS = 30_000;
const MENOR_DESVIO_MS = 15_000;

/** People live through their scenarios while the bus is disturbed, then everything comes to rest and the books are compared. */
export async function ensaiar(semente: number): Promise<Ensaio> {
  const barramento = await Barramento.montar(sortearRelogios(seededRandom(semente)));
  const gente = new Gente(barramento);
  const webhooks = new WebhooksEmDobro(barramento, seededRandom(semente));
  const perturbador = new Perturbador(barramento, seededRandom(semente));
  const vividas: Vivida[] = [];
  try {
    webhooks.comecar();
    await viverPerturbados(gente, perturbador, vividas, seededRandom(semente));
    const inquietos = await descansar(barramento, webhooks);
    const problemas = [...inquietos, ...(await problemasDe(barramento, vividas, webhooks))];
    return {
      problemas,
      golpes: golpesDe(barramento, perturbador, webhooks),
      relato: relatar(barramento, perturbador, vividas),
    };
  } finally {
    await webhooks.parar();
    gente.fechar();
    await barramento.desmontar();
  }
}

/** People go on until the bus is left in peace, and then finish what they have begun. */
async function viverPerturbados(gente: Gente, perturbador: Perturbador, vividas: Vivida[], escolha: Random) {
  const fim = new AbortController();
  const filas = Array.from({ length: AO_MESMO_TEMPO }, () => viver(gente, escolha, vividas, fim.signal));
  try {
    await perturbador.perturbar();
  } finally {
    fim.abort();
    await Promise.all(filas);
  }
}

function sortearRelogios(acaso: Random): Relogios {
  const desvio = () => Math.round(MENOR_DESVIO_MS + acaso() * (MAIOR_DESVIO_MS - MENOR_DESVIO_MS));
  const par = () => (acaso() < 0.5 ? ([-desvio(), desvio()] as const) : ([desvio(), -desvio()] as const));
  return { reservas: par(), pagamentos: par(), notificacoes: par() };
}

/** One person after the other. */
async function viver(gente: Gente, escolha: Random, vividas: Vivida[], fim: AbortSignal): Promise<void> {
  while (!fim.aborted) {
    const [cenario] = shuffled(CENARIOS, escolha) as [Cenario, ...Cenario[]];
    const vivida: Vivida = { cenario, pessoa: await gente.nova() };
    vividas.push(vivida);
    try {
      await cenario.viver(vivida.pessoa);
    } catch (error) {
      vivida.falha = error;
    }
  }
}

async function problemasDe(
  barramento: Barramento,
  vividas: readonly Vivida[],
  webhooks: WebhooksEmDobro,
): Promise<string[]> {
  const [feitas, falhas] = [vividas.filter(({ falha }) => !falha), vividas.filter(({ falha }) => falha)];
  const livros = await lerLivros(
    barramento,
    feitas.map(({ pessoa }) => pessoa.reservaId),
  );
  const livroDe = ({ reservaId }: Pessoa) => livros.reservas.find(({ id }) => id === reservaId);
  return [
    ...falhas.map(({ cenario, pessoa, falha }) => `${pessoa.reservaId} "${cenario.nome}": ${falha}`),
    ...feitas.flatMap(({ cenario, pessoa }) => falhasDe(cenario, livroDe(pessoa))),
    ...conferir(livros),
    ...conferirTotais(await lerTotais(barramento)),
    ...(await desistencias(barramento)),
    ...(await efeitosRepetidos(barramento)),
    ...webhooks.duasVezesNovos.map((id) => `webhook ${id} was new to both replicas`),
  ];
}

function golpesDe({ vigia }: Barramento, perturbador: Perturbador, webhooks: WebhooksEmDobro) {
  const emDuas = [...vigia.consumiram].filter(([, replicas]) => replicas.size === 2).length;
  return {
    ...perturbador.golpes,
    'deliveries that were not the first': vigia.reentregues,
    'deliveries while the other replica had the message in hand': vigia.ladoALado,
    'messages that both replicas finished': vigia.acabadasPorDuas,
    'publications that the stream had already': vigia.publicadasDeNovo,
    'consumers at work in both replicas': emDuas,
    'webhooks that both replicas took at the same moment': webhooks.aosDois,
  };
}

function relatar({ replicas }: Barramento, { passos }: Perturbador, vividas: readonly Vivida[]): string {
  const relogios = replicas.map(({ nome, adiantadaMs }) => `${nome} ${adiantadaMs} ms`);
  const cenarios = vividas.map(({ cenario, pessoa }) => `${pessoa.reservaId} ${cenario.nome}`);
  return [`clocks: ${relogios.join(', ')}`, ...passos, ...cenarios].join('\n');
}
