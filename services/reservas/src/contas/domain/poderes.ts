import { Result } from '@plataforma/domain/result';
import { AcessoNegadoError, type Solicitante } from './solicitante.ts';

/** In which part people ask for something: ADMIN anywhere, a GESTOR at the spaces that they run. */
type Parte = 'ADMIN' | 'GESTOR_DO_ESPACO';

interface Poder {
  readonly partes: readonly Parte[];
  /** What is asked for, in Portuguese: "só ... pode ...". */
  readonly oque: string;
}

const QUEM_GERE: readonly Parte[] = ['ADMIN', 'GESTOR_DO_ESPACO'];
const SO_ADMIN: readonly Parte[] = ['ADMIN'];

const RESERVAR_PARA_OUTRA = 'reservar para outra pessoa';
const DEIXAR_DE_LADO = 'deixar regras de lado';
const CANCELAR_POR_EXCECAO = 'cancelar por motivo excepcional';

/**
 * Who may ask for what, beyond what everybody may ask for themselves: the one table. Its keys are the fields of the
 * contract, whose comments a spec compares with it. In series a GESTOR is a customer like any other.
 */
export const PODERES = {
  'CriarReserva.cliente_id': { partes: QUEM_GERE, oque: RESERVAR_PARA_OUTRA },
  'CriarReserva.dispensas': { partes: QUEM_GERE, oque: DEIXAR_DE_LADO },
  'SimularCancelamento.excepcional': { partes: QUEM_GERE, oque: CANCELAR_POR_EXCECAO },
  'CancelarReserva.excepcional': { partes: QUEM_GERE, oque: CANCELAR_POR_EXCECAO },
  'SimularSerie.cliente_id': { partes: SO_ADMIN, oque: RESERVAR_PARA_OUTRA },
  'SimularSerie.dispensas': { partes: SO_ADMIN, oque: DEIXAR_DE_LADO },
  'CriarSerie.cliente_id': { partes: SO_ADMIN, oque: RESERVAR_PARA_OUTRA },
  'CriarSerie.dispensas': { partes: SO_ADMIN, oque: DEIXAR_DE_LADO },
  'SimularCancelamentoSerie.excepcional': { partes: SO_ADMIN, oque: CANCELAR_POR_EXCECAO },
  'CancelarSerie.excepcional': { partes: SO_ADMIN, oque: CANCELAR_POR_EXCECAO },
  'AtualizarEspaco.ativo': { partes: SO_ADMIN, oque: 'ativar ou desativar um espaço' },
  'AtualizarEspaco.bonus_mensal': { partes: SO_ADMIN, oque: 'dizer quanto um espaço pode dar em bônus' },
} as const satisfies Readonly<Record<string, Poder>>;

export type Ato = keyof typeof PODERES;

const QUEM: Readonly<Record<Parte, string>> = {
  ADMIN: 'a administração',
  GESTOR_DO_ESPACO: 'quem gere o espaço',
};

/** Whether the caller may ask for this at this space. */
export function exigirPoder(
  ato: Ato,
  solicitante: Solicitante,
  espacoId: string,
): Result<void, AcessoNegadoError> {
  const { partes, oque }: Poder = PODERES[ato];
  if (partes.some((parte) => age(parte, solicitante, espacoId))) return Result.ok(undefined);
  const quem = partes.map((parte) => QUEM[parte]).join(' ou ');
  return Result.fail(new AcessoNegadoError(`Só ${quem} pode ${oque}.`));
}

function age(parte: Parte, { admin, geridos }: Solicitante, espacoId: string): boolean {
  return parte === 'ADMIN' ? admin : geridos?.has(espacoId) === true;
}
