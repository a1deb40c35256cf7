import { createContext, useContext } from 'react';
import type { Deal } from '../api/types';

/** What a room knows of the deal that it belongs to. */
export const RoomOrders = createContext<Deal['orders']>([]);
export const useOrders = () => useContext(RoomOrders);
