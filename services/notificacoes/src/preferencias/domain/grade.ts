import type { Canal } from '../../canais/domain/mensagem.ts';
import type { Modelo } from '../../modelos/domain/modelo.ts';

/** What people tell apart: a row of the grid in which they choose. */
export type Grupo =
  | 'RESERVAS'
  | 'PAGAMENTOS'
  | 'ESTORNOS'
  | 'LEMBRETES'
  | 'FILA_DE_ESPERA'
  | 'CREDITOS'
  | 'SEGURANCA';

/** A row and a column of the grid. */
export type Celula = `${Grupo}/${Canal}`;

interface RegraDoGrupo {
  /** Told by e-mail whatever was chosen: what people have to hear of their money, their reservations and their account. */
  readonly sempreEmail: boolean;
  /** Follows from what the person did. Of the others an e-mail has a link that ends them. */
  readonly transacional: boolean;
}

/** In the order in which people see them. */
export const GRUPOS: Readonly<Record<Grupo, RegraDoGrupo>> = {
  RESERVAS: { sempreEmail: true, transacional: true },
  PAGAMENTOS: { sempreEmail: false, transacional: true },
  ESTORNOS: { sempreEmail: true, transacional: true },
  LEMBRETES: { sempreEmail: false, transacional: false },
  FILA_DE_ESPERA: { sempreEmail: true, transacional: true },
  CREDITOS: { sempreEmail: false, transacional: false },
  SEGURANCA: { sempreEmail: true, transacional: true },
};

interface RegraDoModelo {
  readonly grupo: Grupo;
  /** Brings a code, which goes to the address that it proves and nowhere else, or has more to say than a telephone shows. */
  readonly soPorEmail?: true;
  /** Is worth as much in the morning: nobody has just asked for it, and nothing is to be done at once. */
  readonly espera?: true;
  /** Brings a code to the telephone that it proves, whatever is switched on: it was asked for. */
  readonly soPorSms?: true;
}

/** A kind of message without a group does not compile. */
export const MODELOS: Readonly<Record<Modelo, RegraDoModelo>> = {
  RESERVA_RECEBIDA: { grupo: 'PAGAMENTOS' },
  RESERVA_CONFIRMADA: { grupo: 'RESERVAS' },
  RESERVA_CANCELADA: { grupo: 'RESERVAS' },
  RESERVA_EXPIRADA: { grupo: 'PAGAMENTOS' },
  PAGAMENTO_RECUSADO: { grupo: 'PAGAMENTOS' },
  // What became of their money is told whatever was chosen.
  PAGAMENTO_APROVADO: { grupo: 'RESERVAS' },
  ESTORNO_SOLICITADO: { grupo: 'ESTORNOS', espera: true },
  ESTORNO_CONCLUIDO: { grupo: 'ESTORNOS', espera: true },
  ESTORNO_FALHOU: { grupo: 'ESTORNOS', espera: true },
  LEMBRETE_RESERVA: { grupo: 'LEMBRETES', espera: true },
  VAGA_OFERECIDA: { grupo: 'FILA_DE_ESPERA', espera: true },
  AVISO_DE_SEGURANCA: { grupo: 'SEGURANCA' },
  BOAS_VINDAS: { grupo: 'SEGURANCA', soPorEmail: true },
  REDEFINICAO_SENHA: { grupo: 'SEGURANCA', soPorEmail: true },
  TROCA_DE_EMAIL: { grupo: 'SEGURANCA', soPorEmail: true },
  WEBHOOK_DESATIVADO: { grupo: 'SEGURANCA', soPorEmail: true },
  CONTATOS_NAO_ENTREGAVEIS: { grupo: 'SEGURANCA', soPorEmail: true },
  CODIGO_DE_TELEFONE: { grupo: 'SEGURANCA', soPorSms: true },
};

export const CANAIS = ['EMAIL', 'SMS', 'PUSH'] as const satisfies Canal[];

export const celulaDe = (grupo: Grupo, canal: Canal): Celula => `${grupo}/${canal}`;

export const grupoDoModelo = (modelo: Modelo): Grupo => MODELOS[modelo].grupo;

/** Whether the messages of a group are told over a channel whatever was chosen. */
export const ehObrigatoria = (grupo: Grupo, canal: Canal): boolean =>
  canal === 'EMAIL' && GRUPOS[grupo].sempreEmail;

/** Those that there are messages of. */
export const GRUPOS_EM_USO: readonly Grupo[] = (Object.keys(GRUPOS) as Grupo[]).filter((grupo) =>
  Object.values(MODELOS).some((regra) => regra.grupo === grupo),
);
