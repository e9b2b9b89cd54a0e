import { ADMIN_EMAIL } from '../stack/service-env.ts';
import type { RestClient } from './rest-client.ts';

/** A space as the REST API shows it, as far as seed and demo look. */
export interface EspacoRest {
  readonly id: string;
  readonly nome: string;
  readonly tipo: string;
}

const brl = (centavos: number) => ({ centavos, moeda: 'BRL' });

const SPACES = [
  {
    nome: 'Sala Ipê',
    tipo: 'SALA_REUNIAO',
    capacidade: 10,
    endereco: 'Rua Augusta, 1500, 4º andar, São Paulo - SP',
    fusoHorario: 'America/Sao_Paulo',
    precoPorHora: brl(12_000),
    extras: [
      { codigo: 'PROJETOR', nome: 'Projetor', preco: brl(10_000), quantidadeMaxima: 1 },
      { codigo: 'COFFEE_BREAK', nome: 'Coffee break', preco: brl(20_000), quantidadeMaxima: 5 },
    ],
  },
  {
    nome: 'Auditório Jacarandá',
    tipo: 'AUDITORIO',
    capacidade: 180,
    endereco: 'Avenida Paulista, 900, São Paulo - SP',
    fusoHorario: 'America/Sao_Paulo',
    precoPorHora: brl(60_000),
    horarios: [1, 2, 3, 4, 5, 6].map((diaSemana) => ({ diaSemana, abre: '08:00', fecha: '23:00' })),
    extras: [{ codigo: 'PROJETOR', nome: 'Projetor', preco: brl(10_000), quantidadeMaxima: 2 }],
  },
  {
    nome: 'Quadra Pau-Brasil',
    tipo: 'QUADRA',
    capacidade: 22,
    endereco: 'Praça da Bandeira, 10, Manaus - AM',
    fusoHorario: 'America/Manaus',
    precoPorHora: brl(9_000),
    taxaLimpeza: brl(0),
  },
] as const;

/** Makes the three spaces of the local stack unless they are there; answers them in the order above. */
export async function seed(rest: RestClient, adminPassword: string): Promise<EspacoRest[]> {
  const login = await rest.post<{ accessToken: string }>('/api/v1/auth/login', {
    email: ADMIN_EMAIL,
    password: adminPassword,
  });
  const admin = rest.as(login.body.accessToken);
  const { body } = await admin.get<{ espacos: EspacoRest[] }>('/api/v1/espacos?pageSize=100');
  const spaces: EspacoRest[] = [];
  for (const wanted of SPACES) {
    const existing = body.espacos.find(({ nome }) => nome === wanted.nome);
    spaces.push(existing ?? (await admin.post<EspacoRest>('/api/v1/espacos', wanted)).body);
  }
  return spaces;
}
