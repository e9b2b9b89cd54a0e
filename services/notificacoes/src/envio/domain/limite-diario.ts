import type { DadosReservaCancelada, Modelo, ModeloComDados } from '../../modelos/domain/modelo.ts';

/** So many messages a day, of one account of them. */
export interface Cota {
  readonly nome: string;
  readonly limite: number;
  /** Of the whole channel, where each message is paid: one that has no room there has none at all. */
  readonly total?: { readonly nome: string; readonly limite: number };
}

/** So many messages a day for one address, receipts not counted. */
export const MAXIMO_POR_DIA = 20;

/** So many SMS a day to one number, whoever they are for: each is paid. The e-mail tells all of it. */
export const MAXIMO_DE_SMS_POR_DIA = 10;

/** Tells the customer what became of their money: it is sent, however many there are. */
export function ehRecibo(mensagem: ModeloComDados): boolean {
  switch (mensagem.modelo) {
    case 'RESERVA_CONFIRMADA':
      return mensagem.dados.valorCentavos !== '0';
    case 'RESERVA_CANCELADA':
      return foiPaga(mensagem.dados);
    case 'PAGAMENTO_APROVADO':
    case 'ESTORNO_SOLICITADO':
    case 'ESTORNO_CONCLUIDO':
    case 'ESTORNO_FALHOU':
      return true;
    default:
      return false;
  }
}

/**
 * Sent however many there are: receipts, what the owner of an account has to hear of it, and the code for a new password,
 * of which auth says how often. What a stranger can cause, a second sign-up or an account with an address that is not
 * proved to be theirs, takes a share.
 */
export function foraDoLimite(mensagem: ModeloComDados & { readonly verificado: boolean }): boolean {
  switch (mensagem.modelo) {
    case 'AVISO_DE_SEGURANCA':
      return mensagem.dados.tipo !== 'CADASTRO_REPETIDO';
    case 'REDEFINICAO_SENHA':
      return mensagem.verificado;
    default:
      return ehRecibo(mensagem);
  }
}

/** A charge alone is no money: a person who books for others could else fill their mailboxes with unpaid cancellations. */
function foiPaga({ pagamentoId, reembolsoCentavos, comCalendario }: DadosReservaCancelada): boolean {
  return pagamentoId !== '' && (reembolsoCentavos !== '0' || comCalendario);
}

/** Messages with codes, which can be asked for with any address. */
const COM_CODIGO: ReadonlySet<Modelo> = new Set<Modelo>([
  'BOAS_VINDAS',
  'REDEFINICAO_SENHA',
  'TROCA_DE_EMAIL',
]);

/** Whether somebody waits for it who has asked for it. */
export const trazCodigo = ({ modelo }: { readonly modelo: Modelo }): boolean => COM_CODIGO.has(modelo);

/** Domains of mailboxes in whose names dots mean nothing. */
const SEM_PONTOS: ReadonlySet<string> = new Set(['gmail.com', 'googlemail.com']);

/**
 * Whose share a message takes. A sign-up may give any address, and one mailbox answers to as many as one likes
 * (`ana+1@`, and Google's with dots anywhere). The codes for such spellings take one share together, beside that of the
 * address as it is: they fill no mailbox, and keep nothing of its owner's out of it.
 */
export function cotaDe(modelo: Modelo, email: string): string {
  const endereco = email.toLowerCase();
  if (!COM_CODIGO.has(modelo)) return endereco;
  const caixa = caixaDe(endereco);
  return caixa === endereco ? endereco : `grafias:${caixa}`;
}

/**
 * An address from which messages come back is tried once a day, with a code that somebody asks for: it may be there again, and what
 * is delivered there ends the mark. More would cost us the good name that all other messages need.
 */
export function cotaDeTentativa(email: string): { readonly nome: string; readonly limite: number } {
  return { nome: `devolve:${email.toLowerCase()}`, limite: 1 };
}

function caixaDe(endereco: string): string {
  const [local = '', dominio = ''] = endereco.split('@');
  const nome = /^[^+]+/.exec(local)?.[0] ?? local;
  return SEM_PONTOS.has(dominio) ? `${nome.replaceAll('.', '')}@gmail.com` : `${nome}@${dominio}`;
}

/** The day that an instant is counted to, in UTC, as PostgreSQL reads a date. */
export function diaDe(instante: Date): string {
  return instante.toISOString().slice(0, 10);
}

/** When there is room again for an address that has had its share. */
export function diaSeguinte(instante: Date): Date {
  return new Date(Date.parse(diaDe(instante)) + 24 * 3_600_000);
}
