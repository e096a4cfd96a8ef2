#include "CGnuplot.h"
#include <gnuplot-iostream.h>
#include <exception>

struct descent_gnuplot {
    Gnuplot stream;
    explicit descent_gnuplot(const char *command) : stream(command) {}
};

// No exception may cross into Swift.
descent_gnuplot *descent_gnuplot_open(const char *command) {
    try {
        return new descent_gnuplot(command);
    } catch (const std::exception &) {
        return nullptr;
    }
}

int descent_gnuplot_send(descent_gnuplot *process, const char *script) {
    try {
        process->stream << script;
        process->stream.flush();
        return process->stream.good() ? 0 : 1;
    } catch (const std::exception &) {
        return 1;
    }
}

void descent_gnuplot_close(descent_gnuplot *process) {
    try {
        delete process;
    } catch (const std::exception &) {
    }
}
