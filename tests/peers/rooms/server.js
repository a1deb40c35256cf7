// A room server as socket.io's own documentation teaches it: rooms, broadcasts, acknowledgements;
// no rights, no database, no log.

const { createServer } = require('node:http');
const { Server } = require('socket.io');

const http = createServer();
const io = new Server(http, { transports: ['websocket'], perMessageDeflate: false });
const heads = new Map();

io.on('connection', (socket) => {
  socket.on('join', (room, done) => {
    socket.join(room);
    done({ room });
  });
  socket.on('say', ({ room, cid, body }, done) => {
    const seq = (heads.get(room) ?? 0) + 1;
    heads.set(room, seq);
    io.to(room).emit('ev', { room, seq, kind: 'msg', cid, body });
    done({ cid, room, seq });
  });
});

http.listen(Number(process.argv[2]), '127.0.0.1');
