export * from './accounts';
export * from './common';
export * from './deals';
export * from './orders';
export * from './people';
export * from './rooms';
